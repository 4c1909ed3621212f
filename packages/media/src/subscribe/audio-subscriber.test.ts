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
    deliver(
      number: number,
      audioLevel?: number,
      { pauseMs, leftOut = 0 }: { pauseMs?: number; leftOut?: number } = {},
    ) {
      const capturedMs = START_MS + (number + leftOut) * 20;
      nowMs = capturedMs + 30;
      const data = Uint8Array.of(1 << 3, 50);
      const body = writeFrameBody({
        ...(audioLevel === undefined ? {} : { audioLevel }),
        ...(pauseMs === undefined ? {} : { pauseMs }),
        data,
      });
      const header = { keyFrame: true, discardable: false, number, timestampUs: capturedMs * 1000 };
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

test("AudioSubscriber neither counts nor plays what is left out in a pause, and hears nobody in it (F9)", async () => {
  const { deliver, subscriber, wait } = await setUp();
  for (let i = 0; i < 99; i++) deliver(i, 20);
  deliver(99, 60, { pauseMs: 420 });
  const before = subscriber.statistics();
  for (let i = 0; i < 10; i++) deliver(100 + i, 127, { pauseMs: 420, leftOut: (i + 1) * 19 });
  expect(subscriber.level).toBe(0);
  wait(200);
  const paused = subscriber.statistics();
  expect(paused.jitterBufferEmittedCount).toBe(before.jitterBufferEmittedCount);
  // Four seconds, less what was still to be played when they began.
  expect(paused.silentSamples / 48_000).toBeGreaterThan(3.8);
  expect(paused.silentSamples / 48_000).toBeLessThan(4.01);
  for (let i = 0; i < 50; i++) deliver(110 + i, 20, { leftOut: 190 });
  const after = subscriber.statistics();
  expect(after).toMatchObject({ packetsReceived: 160, packetsLost: 0, concealedSamples: 0, concealmentEvents: 0 });
  expect(after.totalSamplesReceived / 48_000).toBeGreaterThan(6.8);
  expect(subscriber.level).toBeCloseTo(2 / 3, 5);
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
