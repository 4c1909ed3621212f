import { expect, test } from "vitest";
import { epochNowMs } from "../epoch-clock.ts";
import { AudioPublisher } from "../publish/audio-publisher.ts";
import { VideoPublisher } from "../publish/video-publisher.ts";
import { AudioSubscriber } from "../subscribe/audio-subscriber.ts";
import { ClockedSink } from "../subscribe/clocked-sink.ts";
import { PlayoutClock } from "../subscribe/playout-clock.ts";
import { VideoSubscriber } from "../subscribe/video-subscriber.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { lumaAt, testPicture } from "../testing/test-picture.ts";
import type { BrowserPicture } from "./browser-picture.ts";
import { createWebCodecsBackend } from "./web-codecs-backend.ts";

const FORMAT = { widthPx: 640, heightPx: 360, frameRate: 30, bitrateBps: 800_000 } as const;
const FRAMES = 60;

function numberOf(picture: BrowserPicture): number {
  let number = 0;
  for (let bit = 0; bit < 7; bit++) if (lumaAt(picture, { x: bit * 40 + 20, y: 20 }) > 128) number |= 1 << bit;
  return number;
}

function until(condition: () => boolean, limitMs: number): Promise<void> {
  const endMs = epochNowMs() + limitMs;
  return new Promise((resolve) => {
    const check = () => (condition() || epochNowMs() > endMs ? resolve() : setTimeout(check, 5));
    check();
  });
}

test.each(["h264", "vp8", "jpeg"] as const)(
  "%s pictures come through the pipelines in order and at once",
  async (codec) => {
    const transport = new MemoryTransport();
    const shown: { number: number; latencyMs: number }[] = [];
    const publisher = new VideoPublisher({
      backend: createWebCodecsBackend(),
      sender: transport,
      topic: (layer) => `v/${layer}/0`,
      source: "camera",
      codec,
      ...FORMAT,
    });
    const subscriber = new VideoSubscriber<BrowserPicture>({
      backend: createWebCodecsBackend(),
      source: transport,
      filter: "v/0/+",
      clock: new PlayoutClock(),
      requestKeyFrame: () => publisher.requestKeyFrame(),
      clockOffsetUs: () => 0,
      onPicture: (picture) => {
        shown.push({ number: numberOf(picture), latencyMs: epochNowMs() - picture.timestamp / 1000 });
        picture.close();
      },
    });
    for (let number = 0; number < FRAMES; number++) {
      publisher.push(testPicture({ ...FORMAT, number, timestampUs: Math.round(epochNowMs() * 1000) }));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await until(() => shown.at(-1)?.number === FRAMES - 1, 15_000);

    const numbers = shown.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    // The first ones come before the encoder is open, and a busy machine leaves some out.
    expect(new Set(numbers).size).toBeGreaterThan(FRAMES * 0.3);
    const statistics = subscriber.statistics();
    expect(statistics.packetsMalformed).toBe(0);
    expect(statistics.framesRendered).toBe(shown.length);
    expect([statistics.frameWidth, statistics.frameHeight]).toEqual([640, 360]);
    // In milliseconds and by one clock; how many is a matter of the machine.
    expect(statistics.latencyMs?.p50).toBeGreaterThan(0);
    expect(statistics.latencyMs?.p50).toBeLessThan(5_000);
    publisher.close();
    subscriber.close();
    expect(transport.subscriptions).toBe(0);
  },
);

test("a viewer that comes later asks for a key frame and sees a picture soon", async () => {
  const transport = new MemoryTransport();
  const publisher = new VideoPublisher({
    backend: createWebCodecsBackend(),
    sender: transport,
    topic: (layer) => `v/${layer}/0`,
    source: "camera",
    codec: "vp8",
    ...FORMAT,
  });
  let number = 0;
  const camera = setInterval(() => {
    publisher.push(testPicture({ ...FORMAT, number: number++ & 127, timestampUs: Math.round(epochNowMs() * 1000) }));
  }, 33);
  await until(() => publisher.statistics().framesSent > 20, 15_000);
  const joinedMs = epochNowMs();
  let firstMs: number | undefined;
  const subscriber = new VideoSubscriber<BrowserPicture>({
    backend: createWebCodecsBackend(),
    source: transport,
    filter: "v/0/+",
    clock: new PlayoutClock(),
    requestKeyFrame: () => publisher.requestKeyFrame(),
    onPicture: (picture) => {
      firstMs ??= epochNowMs();
      picture.close();
    },
  });
  await until(() => firstMs !== undefined, 10_000);
  clearInterval(camera);
  expect((firstMs ?? Number.POSITIVE_INFINITY) - joinedMs).toBeLessThan(4_000);
  expect(subscriber.statistics().pliCount).toBe(1);
  publisher.close();
  subscriber.close();
});

test("sound comes through the pipelines whole, in time and with its level", async () => {
  const transport = new MemoryTransport();
  const played: number[] = [];
  const publisher = new AudioPublisher({ backend: createWebCodecsBackend(), sender: transport, topic: "a" });
  const sink = new ClockedSink({ channels: 1, onSamples: (samples) => played.push(...samples) });
  const subscriber = new AudioSubscriber({
    backend: createWebCodecsBackend(),
    source: transport,
    filter: "a",
    clock: new PlayoutClock(),
    sink,
    clockOffsetUs: () => 0,
  });
  const startMs = epochNowMs();
  let blocks = 0;
  await until(() => {
    // A microphone: 10 ms at a time, each when its last sample is there.
    while (blocks * 10 < epochNowMs() - startMs - 10) pushBlock(blocks++);
    return blocks >= 150;
  }, 15_000);
  await until(() => subscriber.statistics().totalSamplesReceived > 68_000, 10_000);

  const statistics = subscriber.statistics();
  expect(statistics.packetsLost).toBe(0);
  expect(statistics.decoderErrors).toBe(0);
  expect(subscriber.level).toBeGreaterThan(0.8);
  expect(statistics.latencyMs?.p50).toBeLessThan(5_000);
  const loud = played.slice(played.length - 24_000);
  const rms = Math.sqrt(loud.reduce((sum, sample) => sum + sample * sample, 0) / loud.length);
  expect(rms).toBeGreaterThan(0.25);
  expect(rms).toBeLessThan(0.45);
  publisher.close();
  subscriber.close();

  function pushBlock(index: number): void {
    const samples = Float32Array.from(
      { length: 480 },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * (index * 480 + i)) / 48_000),
    );
    publisher.push({ timestampUs: (startMs + index * 10) * 1000, sampleRate: 48_000, channels: 1, samples });
  }
});

test("the pauses of speech are left out, and no word of it, without a click (F9)", async () => {
  const transport = new MemoryTransport();
  const played: number[] = [];
  const publisher = new AudioPublisher({
    ...{ backend: createWebCodecsBackend(), sender: transport, topic: "a", speech: true },
  });
  const sink = new ClockedSink({ channels: 1, onSamples: (samples) => played.push(...samples) });
  const subscriber = new AudioSubscriber({
    ...{ backend: createWebCodecsBackend(), source: transport, filter: "a", clock: new PlayoutClock(), sink },
  });
  const startMs = epochNowMs();
  /** Words of 300 ms, a second and a half apart, which begin gently, as words do; beside them the noise of a quiet room. */
  const pushBlock = (index: number) => {
    const samples = Float32Array.from({ length: 480 }, (_, i) => {
      const at = (index * 480 + i) % 72_000;
      const tone = 0.5 * Math.sin((2 * Math.PI * 440 * at) / 48_000);
      return tone * Math.min(1, at / 480, Math.max(0, 14_400 - at) / 480) + (Math.random() - 0.5) * 0.001;
    });
    publisher.push({ timestampUs: (startMs + index * 10) * 1000, sampleRate: 48_000, channels: 1, samples });
  };
  let blocks = 0;
  await until(() => {
    while (blocks * 10 < epochNowMs() - startMs - 10) pushBlock(blocks++);
    return blocks >= 600;
  }, 20_000);
  await until(() => subscriber.statistics().packetsReceived === publisher.statistics().packetsSent, 5_000);

  const sent = publisher.statistics();
  expect(sent.framesSilent).toBeGreaterThan(150);
  expect(sent.framesEncoded + sent.framesSilent).toBeGreaterThan(280);
  const { packetsLost, silentSamples, decoderErrors } = subscriber.statistics();
  expect([packetsLost, decoderErrors]).toEqual([0, 0]);
  expect(silentSamples / 48_000).toBeGreaterThan(2);
  // What the machine loses of four words of 300 ms is little; of what is there, no sample is far from the one before.
  const loud = played.filter((sample) => Math.abs(sample) > 0.2).length;
  expect(loud / 48_000).toBeGreaterThan(0.6);
  const largestStep = played.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (played[i - 1] ?? 0))), 0);
  expect(largestStep).toBeLessThan(0.15);
  publisher.close();
  subscriber.close();
});
