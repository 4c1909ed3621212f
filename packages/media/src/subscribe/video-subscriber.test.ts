import { writeFrameBody } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { packetize } from "../publish/packetize.ts";
import { codecFailure, FakeBackend, type FakePicture } from "../testing/fake-backend.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { seededRandom } from "../testing/random.ts";
import { PlayoutClock } from "./playout-clock.ts";
import { VideoSubscriber } from "./video-subscriber.ts";

const START_MS = 1_790_000_000_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function setUp() {
  vi.setSystemTime(START_MS);
  const backend = new FakeBackend();
  const transport = new MemoryTransport();
  const clock = new PlayoutClock();
  const shown: { picture: FakePicture; atMs: number; rotation: number }[] = [];
  const requests: number[] = [];
  const errors: string[] = [];
  const subscriber = new VideoSubscriber<FakePicture>({
    backend,
    source: transport,
    filter: "v/0/+",
    clock,
    nowMs: Date.now,
    clockOffsetUs: () => 0,
    requestKeyFrame: () => requests.push(Date.now() - START_MS),
    onError: (error) => errors.push(error.code),
    onPicture: (picture, { rotation }) => {
      shown.push({ picture, atMs: Date.now() - START_MS, rotation });
      picture.close();
    },
  });
  return {
    ...{ backend, transport, clock, subscriber, shown, requests, errors },
    /** Frame `number`, captured at `number` × 33 ms. */
    deliver(
      number: number,
      options: {
        readonly keyFrame?: boolean;
        readonly codec?: string;
        readonly rotation?: 90;
        readonly sizeBytes?: number;
        /** In two layers in time. */
        readonly layered?: boolean;
      } = {},
    ) {
      const { keyFrame = number === 0, codec = "vp8", rotation, sizeBytes = 50 } = options;
      const { discardable, needs } = layerOf(number, options.layered && !keyFrame);
      const data = new Uint8Array(sizeBytes);
      const body = writeFrameBody({
        data,
        ...(keyFrame ? { codec } : {}),
        ...(rotation ? { rotation } : {}),
        ...(needs ? { needs } : {}),
      });
      const timestampUs = (START_MS + number * 33) * 1000;
      for (const packet of packetize({ keyFrame, discardable, number, timestampUs }, body)) {
        transport.deliver(`v/0/${discardable ? 1 : 0}`, packet);
      }
    },
  };
}

/** Every second frame is needed by no other. */
function layerOf(number: number, layered = false): { readonly discardable: boolean; readonly needs?: number } {
  if (!layered) return { discardable: false };
  return number % 2 === 1 ? { discardable: true } : { discardable: false, needs: 2 };
}

/** Waits until `ms` after the start. */
async function at(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(Math.max(0, START_MS + ms - Date.now()));
}

const numbers = (shown: readonly { picture: FakePicture }[]) =>
  shown.map(({ picture }) => Math.round((picture.timestamp / 1000 - START_MS) / 33));

test("VideoSubscriber shows pictures the moment they come where nothing is late", async () => {
  const { deliver, shown, subscriber } = await setUp();
  for (let i = 0; i < 60; i++) {
    await at(i * 33 + 8);
    deliver(i);
  }
  await at(2_000);
  expect(numbers(shown)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect(shown.slice(1).every(({ atMs }, i) => atMs === (i + 1) * 33 + 8)).toBe(true);
  expect(subscriber.statistics()).toMatchObject({
    ...{ codec: "vp8", frameWidth: 640, framesReceived: 60, framesDecoded: 60, keyFramesDecoded: 1 },
    ...{ framesRendered: 60, framesDropped: 0, freezeCount: 0, playoutDelayMs: 0, latencyMs: { p50: 8, p95: 8 } },
  });
});

test("VideoSubscriber evens jitter out once it knows it, and shows every picture in order", async () => {
  const { deliver, shown, subscriber } = await setUp();
  const random = seededRandom(4);
  let previousMs = 0;
  for (let i = 0; i < 900; i++) {
    previousMs = Math.max(previousMs, i * 33 + 8 + random() * 100);
    await at(previousMs);
    deliver(i);
  }
  await at(40_000);
  expect(numbers(shown)).toEqual(numbers(shown).toSorted((a, b) => a - b));
  const late = shown.slice(-300);
  const gaps = late.slice(1).map(({ atMs }, i) => atMs - (late[i]?.atMs ?? 0));
  const even = gaps.filter((gap) => gap > 20 && gap < 46).length / gaps.length;
  expect(even).toBeGreaterThan(0.9);
  const { playoutDelayMs, freezeCount, framesDropped } = subscriber.statistics();
  expect(playoutDelayMs).toBeGreaterThan(80);
  expect(playoutDelayMs).toBeLessThan(120);
  expect(freezeCount).toBe(0);
  expect(framesDropped).toBeLessThan(20);
});

test("VideoSubscriber shows pictures that came by two ways in order, and all that come in time (P10)", async () => {
  const { deliver, shown, subscriber } = await setUp();
  const random = seededRandom(7);
  const [endMs, ways] = [50_000, [0, 0]];
  const arrivals = Array.from({ length: 1_500 }, (_, number) => {
    // Each way keeps its own order, and neither waits for the other.
    const way = number % 2;
    const atMs = Math.max(ways[way] ?? 0, number * 33 + 8 + (number > 1 ? random() * 150 : 0));
    ways[way] = atMs;
    return { number, atMs };
  });
  for (const { number, atMs } of arrivals.toSorted((a, b) => a.atMs - b.atMs)) {
    await at(atMs);
    deliver(number, { layered: true });
  }
  await at(endMs);
  expect(numbers(shown)).toEqual(numbers(shown).toSorted((a, b) => a - b));
  const behind = arrivals.filter(({ atMs }, i) =>
    arrivals.slice(i + 1, i + 9).some((later) => later.atMs < atMs),
  ).length;
  expect(behind).toBeGreaterThan(300);
  expect(shown.length).toBeGreaterThan(1_350);
  expect(subscriber.statistics()).toMatchObject({ freezeCount: 0, framesLost: 0, pliCount: 0 });
});

test("VideoSubscriber is live again at once after a stall and its burst", async () => {
  const { deliver, shown, subscriber } = await setUp();
  for (let i = 0; i < 60; i++) {
    await at(i * 33 + 8);
    deliver(i);
  }
  await at(2_600);
  for (let i = 60; i < 78; i++) deliver(i);
  for (let i = 78; i < 100; i++) {
    await at(i * 33 + 34);
    deliver(i);
  }
  await at(4_000);
  expect(numbers(shown).at(-1)).toBe(99);
  const recovered = shown.filter(({ atMs }) => atMs > 2_700);
  for (const { atMs, picture } of recovered) expect(atMs + START_MS - picture.timestamp / 1000).toBeLessThan(60);
  expect(subscriber.statistics().freezeCount).toBe(1);
});

test("VideoSubscriber waits for a key frame after a gap and asks for it (P9, R2)", async () => {
  const { deliver, requests, shown, subscriber } = await setUp();
  for (let i = 0; i < 60; i++) {
    await at(i * 33 + 8);
    if (i !== 20) deliver(i, { keyFrame: i === 0 || i === 50 });
  }
  await at(2_500);
  expect(numbers(shown)).toEqual([...Array(20).keys(), ...Array.from({ length: 10 }, (_, i) => 50 + i)]);
  // When the gap is seen, and once more after a second.
  expect(requests).toEqual([21 * 33 + 8]);
  expect(subscriber.statistics()).toMatchObject({ framesLost: 1, framesDropped: 29, pliCount: 1 });
});

test("VideoSubscriber asks for a key frame when the first packet is none, and every second", async () => {
  const { deliver, requests } = await setUp();
  await at(5);
  deliver(7);
  await at(2_300);
  expect(requests.length).toBe(3);
  expect(requests[0]).toBe(5);
});

test("VideoSubscriber changes the decoder with the codec (F2, F7)", async () => {
  const { backend, deliver, shown } = await setUp();
  for (let i = 0; i < 30; i++) {
    await at(i * 33 + 8);
    deliver(i, i === 15 ? { keyFrame: true, codec: "avc1.42E01F" } : {});
  }
  await at(1_200);
  expect(backend.videoDecoders.map(({ codec, closed }) => [codec, closed])).toEqual([
    ["vp8", true],
    ["avc1.42E01F", false],
  ]);
  expect(numbers(shown).at(-1)).toBe(29);
  expect(new Set(numbers(shown)).size).toBe(30);
});

test("VideoSubscriber replaces a decoder that fails, and goes on with a key frame", async () => {
  const { backend, deliver, errors, requests, shown, subscriber } = await setUp();
  for (let i = 0; i < 30; i++) {
    await at(i * 33 + 8);
    if (i === 10) backend.videoDecoders[0]?.output.onError(codecFailure("decoder-failed"));
    deliver(i, { keyFrame: i === 0 || i === 14 });
  }
  await at(1_200);
  expect([errors, requests.length, backend.videoDecoders.length]).toEqual([["decoder-failed"], 1, 2]);
  expect(numbers(shown)).toEqual([...Array(10).keys(), ...Array.from({ length: 16 }, (_, i) => 14 + i)]);
  expect(subscriber.statistics().decoderErrors).toBe(1);
});

test("VideoSubscriber says when a codec is unknown here, and tries later key frames", async () => {
  const { backend, deliver, errors, shown } = await setUp();
  backend.failure = codecFailure("codec-unsupported");
  await at(8);
  deliver(0);
  await at(40);
  expect(errors).toEqual(["codec-unsupported"]);
  backend.failure = undefined;
  deliver(1, { keyFrame: true });
  await at(60);
  expect(shown.length).toBe(1);
});

test("VideoSubscriber counts malformed packets and frames and shows nothing of them (P1, F1, P7)", async () => {
  const { shown, subscriber, transport } = await setUp();
  transport.deliver("v/0/0", new Uint8Array(3));
  transport.deliver("v/0/0", new Uint8Array(100));
  const frame = { keyFrame: true, discardable: false, number: 1, timestampUs: 1 };
  const [cut] = packetize(frame, Uint8Array.of(200, 1, 2));
  const [encrypted] = packetize(frame, writeFrameBody({ codec: "vp8", data: new Uint8Array(9) }));
  if (!cut || !encrypted) throw new Error("no packet");
  transport.deliver("v/0/0", cut);
  encrypted[1] = (encrypted[1] ?? 0) | 4;
  transport.deliver("v/0/0", encrypted);
  await at(50);
  expect(shown).toEqual([]);
  expect(subscriber.statistics()).toMatchObject({ packetsReceived: 4, packetsMalformed: 4, framesReceived: 0 });
});

test("VideoSubscriber draws few of many pictures that come late while the decoder is behind", async () => {
  const { backend, deliver, shown, subscriber } = await setUp();
  await at(8);
  deliver(0);
  await at(20);
  const [decoder] = backend.videoDecoders;
  if (!decoder) throw new Error("no decoder");
  decoder.held = true;
  await at(400);
  for (let i = 1; i < 12; i++) deliver(i);
  expect(decoder.pendingFrames).toBe(11);
  decoder.deliver();
  await at(410);
  expect(numbers(shown).at(-1)).toBe(11);
  expect(shown.length).toBeLessThan(6);
  expect(subscriber.statistics().framesDropped).toBe(12 - shown.length);
});

test("VideoSubscriber turns pictures as their frames say (F3)", async () => {
  const { deliver, shown } = await setUp();
  await at(8);
  deliver(0, { rotation: 90 });
  await at(41);
  deliver(1);
  await at(60);
  expect(shown.map(({ rotation }) => rotation)).toEqual([90, 0]);
});

test("VideoSubscriber leaves nothing behind", async () => {
  const { backend, deliver, shown, subscriber, transport } = await setUp();
  await at(8);
  deliver(0);
  await at(20);
  subscriber.close();
  subscriber.close();
  expect([transport.subscriptions, backend.videoDecoders[0]?.closed, vi.getTimerCount()]).toEqual([0, true, 0]);
  backend.videoDecoders[0]?.decode({ keyFrame: true, discardable: false, timestampUs: 1, data: new Uint8Array() });
  expect(shown.length).toBe(1);
});
