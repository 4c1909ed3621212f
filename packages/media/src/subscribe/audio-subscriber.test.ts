import { writeFrameBody } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { packetize } from "../publish/packetize.ts";
import { codecFailure, FakeBackend } from "../testing/fake-backend.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { AudioSubscriber } from "./audio-subscriber.ts";
import { ClockedSink } from "./clocked-sink.ts";
import { PlayoutClock } from "./playout-clock.ts";

const START_MS = 1_790_000_000_000;

async function setUp(backend = new FakeBackend()) {
  const transport = new MemoryTransport();
  const clock = new PlayoutClock();
  const errors: string[] = [];
  let nowMs = START_MS;
  const sink = new ClockedSink({ channels: 1, nowMs: () => nowMs, onSamples: () => undefined });
  const subscriber = new AudioSubscriber({
    ...{ backend, source: transport, filter: "a", clock, sink },
    nowMs: () => nowMs,
    clockOffsetUs: () => 0,
    onError: (error) => errors.push(error.code),
  });
  await settle();
  return {
    ...{ backend, transport, clock, subscriber, errors },
    /** Frame `number`, captured at `number` × 20 ms, comes 30 ms after that. */
    deliver(number: number, audioLevel?: number) {
      nowMs = START_MS + number * 20 + 30;
      const data = Uint8Array.of(0, 50);
      const body = writeFrameBody(audioLevel === undefined ? { data } : { audioLevel, data });
      const header = { keyFrame: true, discardable: false, number, timestampUs: (START_MS + number * 20) * 1000 };
      for (const packet of packetize(header, body)) transport.deliver("a", packet);
    },
    wait(ms: number) {
      nowMs += ms;
    },
    now: () => nowMs,
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

test("AudioSubscriber plays what comes, tells its level and its delay, and leads the pictures", async () => {
  const { clock, deliver, now, subscriber, wait } = await setUp();
  for (let i = 0; i < 100; i++) deliver(i, 20);
  expect(subscriber.level).toBeCloseTo(2 / 3, 5);
  const statistics = subscriber.statistics();
  expect(statistics).toMatchObject({ packetsReceived: 100, packetsLost: 0, concealedSamples: 0, decoderErrors: 0 });
  // Two samples stay in the resampler.
  expect(statistics.totalSamplesReceived).toBeGreaterThan(90_000);
  expect(statistics.latencyMs?.p50).toBeGreaterThan(50);
  expect(statistics.latencyMs?.p95).toBeLessThan(130);
  // Pictures that are ready after 5 ms wait for sound that is heard after about 100.
  const delayUs = clock.pictureDelayUs({}, 5_000, now() * 1000);
  expect(delayUs).toBeGreaterThanOrEqual(5_000);
  wait(400);
  expect(subscriber.level).toBe(0);
});

test("AudioSubscriber counts lost packets and conceals them", async () => {
  const { deliver, subscriber } = await setUp();
  for (let i = 0; i < 100; i++) if (i % 10 !== 5) deliver(i, 20);
  const { concealedSamples, concealmentEvents, packetsLost } = subscriber.statistics();
  expect(packetsLost).toBe(10);
  expect(concealmentEvents).toBeGreaterThan(0);
  expect(concealedSamples).toBeLessThanOrEqual(10 * 960 * 2);
});

test("AudioSubscriber measures the level itself where the publisher does not tell it", async () => {
  const { deliver, subscriber } = await setUp();
  deliver(0);
  expect(subscriber.level).toBeCloseTo(0.9, 5);
});

test("AudioSubscriber counts malformed packets (P1)", async () => {
  const { subscriber, transport } = await setUp();
  transport.deliver("a", new Uint8Array(5));
  expect(subscriber.statistics()).toMatchObject({ packetsMalformed: 1, totalSamplesReceived: 0 });
});

test("AudioSubscriber opens another decoder after a failure", async () => {
  const { backend, deliver, errors, subscriber } = await setUp();
  deliver(0);
  backend.audioOutputs.decoder.at(-1)?.onError(codecFailure("decoder-failed"));
  deliver(1);
  await settle();
  deliver(2);
  expect(errors).toEqual([]);
  expect(subscriber.statistics().decoderErrors).toBe(1);
  expect(backend.audioOutputs.decoder.length).toBe(2);
});

test("AudioSubscriber says once that there is no Opus, and asks for it no more", async () => {
  const backend = new FakeBackend();
  backend.failure = codecFailure("codec-unsupported");
  const { deliver, errors } = await setUp(backend);
  deliver(0);
  deliver(1);
  await settle();
  expect(errors).toEqual(["codec-unsupported"]);
});

test("AudioSubscriber ends its subscription", async () => {
  const { subscriber, transport } = await setUp();
  subscriber.close();
  subscriber.close();
  expect(transport.subscriptions).toBe(0);
});
