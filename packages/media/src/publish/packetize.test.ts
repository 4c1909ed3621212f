import { HEADER_BYTES, MAX_FRAGMENT_BYTES, parsePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { packetize } from "./packetize.ts";

const HEADER = { keyFrame: true, discardable: false, number: 0xffff_ffff, timestampUs: 1_790_000_000_123_456.5 };

test("packetize makes one packet of a small frame (P2)", () => {
  const [packet, ...rest] = packetize(HEADER, Uint8Array.of(1, 2, 3));
  expect(rest).toEqual([]);
  if (!packet) throw new Error("no packet");
  const { header, body } = parsePacket(packet);
  expect(header).toMatchObject({ keyFrame: true, lastFragment: true, fragment: 0, frame: 0xffff_ffff });
  expect(header.timestampUs).toBe(1_790_000_000_123_456);
  expect([...body]).toEqual([1, 2, 3]);
});

test("packetize cuts at 32 KiB with the header, and says which is last (P1, P2)", () => {
  const body = new Uint8Array(2 * (MAX_FRAGMENT_BYTES - HEADER_BYTES) + 1);
  for (let i = 0; i < body.length; i++) body[i] = i % 251;
  const packets = packetize(HEADER, body);
  expect(packets.map((packet) => packet.length)).toEqual([MAX_FRAGMENT_BYTES, MAX_FRAGMENT_BYTES, HEADER_BYTES + 1]);
  const parsed = packets.map(parsePacket);
  expect(parsed.map(({ header }) => [header.fragment, header.lastFragment])).toEqual([
    [0, false],
    [1, false],
    [2, true],
  ]);
  expect(Buffer.compare(Buffer.concat(parsed.map((packet) => packet.body)), body)).toBe(0);
});

test("packetize leaves no empty packet at the end of a frame that fits exactly", () => {
  expect(packetize(HEADER, new Uint8Array(2 * (MAX_FRAGMENT_BYTES - HEADER_BYTES))).length).toBe(2);
});
