import { type Packet, parsePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { packetize } from "../publish/packetize.ts";
import { seededRandom } from "../testing/random.ts";
import { Reassembler, type ReceivedFrame } from "./reassembler.ts";

function bytes(number: number, sizeBytes: number): Uint8Array {
  const body = new Uint8Array(sizeBytes);
  for (let i = 0; i < sizeBytes; i++) body[i] = i * 7 + number;
  return body;
}

function packets(number: number, sizeBytes: number, keyFrame = false): Packet[] {
  const body = bytes(number, sizeBytes);
  return packetize({ keyFrame, discardable: false, number, timestampUs: number * 1000 }, body).map(parsePacket);
}

/** What comes of pushing `all` one after the other. */
function pushAll(reassembler: Reassembler, all: readonly Packet[], nowUs = 0): ReceivedFrame[] {
  return all.flatMap((packet) => reassembler.push(packet, nowUs) ?? []);
}

test("Reassembler gives small frames at once, without a copy (P2)", () => {
  const [packet] = packets(1, 100);
  if (!packet) throw new Error("no packet");
  const frame = new Reassembler().push(packet, 5);
  expect(frame).toMatchObject({ number: 1, keyFrame: false, timestampUs: 1000, firstPacketUs: 5 });
  expect(frame?.body.buffer).toBe(packet.body.buffer);
});

test("Reassembler puts large frames together, in whatever order their packets come (P2)", () => {
  const random = seededRandom(3);
  for (let round = 0; round < 20; round++) {
    const sizeBytes = 1 + Math.floor(random() * 200_000);
    const shuffled = packets(round, sizeBytes, true)
      .map((packet) => ({ packet, order: random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ packet }) => packet);
    const reassembler = new Reassembler();
    const frames = pushAll(reassembler, shuffled);
    expect(frames.length).toBe(1);
    expect(Buffer.compare(frames[0]?.body ?? new Uint8Array(), bytes(round, sizeBytes))).toBe(0);
    expect(reassembler.sizeBytes).toBe(0);
  }
});

test("Reassembler keeps frames apart whose packets alternate", () => {
  const [first, second] = [packets(1, 70_000), packets(2, 70_000)];
  const mixed = first.flatMap((packet, i) => [packet, second[i]].filter((other) => other !== undefined));
  expect(pushAll(new Reassembler(), mixed).map(({ number }) => number)).toEqual([1, 2]);
});

test("Reassembler refuses packets that contradict their frame or come twice (P2, P9)", () => {
  const reassembler = new Reassembler();
  const [first, second, third] = packets(1, 90_000);
  if (!first || !second || !third) throw new Error("too few packets");
  reassembler.push(first, 0);
  reassembler.push(first, 0);
  reassembler.push({ ...second, header: { ...second.header, timestampUs: 7 } }, 0);
  reassembler.push({ ...second, header: { ...second.header, keyFrame: true } }, 0);
  reassembler.push(third, 0);
  reassembler.push({ ...second, header: { ...second.header, fragment: 3 } }, 0);
  reassembler.push({ ...second, header: { ...second.header, fragment: 1, lastFragment: true } }, 0);
  expect(reassembler.packetsRefused).toBe(5);
  expect(reassembler.push(second, 0)?.body.length).toBe(90_000);
});

test("Reassembler is bounded in frames, bytes and time (P9)", () => {
  const begun = (number: number) => packets(number, 70_000).slice(0, 1);
  const inFrames = new Reassembler({ maxFrames: 3 });
  for (let i = 0; i < 100; i++) pushAll(inFrames, begun(i));
  expect(inFrames.framesAbandoned).toBe(97);
  expect(inFrames.sizeBytes).toBeLessThanOrEqual(3 * 32 * 1024);

  const inBytes = new Reassembler({ maxBytes: 100_000 });
  for (let i = 0; i < 100; i++) pushAll(inBytes, begun(i));
  expect(inBytes.sizeBytes).toBeLessThanOrEqual(100_000);

  const inTime = new Reassembler({ maxAgeUs: 1_000_000 });
  pushAll(inTime, begun(1), 0);
  pushAll(inTime, packets(2, 10), 1_000_001);
  expect([inTime.framesAbandoned, inTime.sizeBytes]).toEqual([1, 0]);
});

test("Reassembler takes no frame larger than its bound", () => {
  const reassembler = new Reassembler({ maxBytes: 100_000 });
  expect(pushAll(reassembler, packets(1, 300_000))).toEqual([]);
  expect(reassembler.sizeBytes).toBeLessThanOrEqual(100_000);
  const [packet] = packets(2, 100);
  if (!packet) throw new Error("no packet");
  const far = { ...packet, header: { ...packet.header, fragment: 65_535, lastFragment: false } };
  expect(reassembler.push(far, 0)).toBeUndefined();
});

test("Reassembler forgets what is of no use any more", () => {
  const reassembler = new Reassembler();
  pushAll(reassembler, packets(5, 70_000).slice(0, 1));
  pushAll(reassembler, packets(9, 70_000).slice(0, 1));
  reassembler.abandonThrough(5);
  expect(reassembler.sizeBytes).toBe(32 * 1024 - 16);
});
