import { expect, test } from "vitest";
import { FRAME_US, last, mean, playSound, voice } from "../testing/play-sound.ts";
import { seededRandom } from "../testing/random.ts";
import { ClockedSink } from "./clocked-sink.ts";
import type { PcmSink } from "./pcm-sink.ts";
import { SoundPlayout } from "./sound-playout.ts";

test("what sound waits more than it must, or less, is played away or won back, down to the last 5 ms", () => {
  for (const late of [() => 0, (i: number) => (i >= 750 && i % 10 === 0 ? 40_000 : 0)]) {
    const { playout, delays } = playSound({ seconds: 30, late });
    const waits = delays.filter((_, i) => i > 1_400 && i % 10 > 3).map((delay) => delay - 25); // frame and path
    expect(Math.abs(mean(waits) - playout.targetUs / 1000)).toBeLessThan(6);
  }
});

test("sound that is cut short ends without a click, however short the gap is", () => {
  for (const lostFrame of [400, 401, 402, 403, 404]) {
    // So much is waiting that it lasts until the next one.
    const late = (i: number) => (i % 10 === 9 ? 12_000 : 0);
    const { largestStep } = playSound({ seconds: 10, late, lost: (i) => i === lostFrame });
    expect(largestStep, `frame ${lostFrame}`).toBeLessThan(0.1);
  }
});

test("with jitter sound waits as long as it must, and hardly ever has a gap", () => {
  const random = seededRandom(2);
  const { concealed, delays } = playSound({ seconds: 60, late: () => random() * 60_000 });
  expect(concealed).toBeLessThan(0.005);
  expect(last(delays)).toBeGreaterThan(70);
  expect(last(delays)).toBeLessThan(140);
});

test("a stall and its burst are caught up, not carried along", () => {
  // At 10 s nothing comes for 400 ms, then all at once.
  const late = (i: number) => (i >= 500 && i < 520 ? (520 - i) * FRAME_US : 0);
  const { counts, delays, largestStep } = playSound({ seconds: 20, late });
  expect(counts.concealmentEvents).toBe(1);
  expect(counts.concealedSamples / 48).toBeGreaterThan(250);
  expect(counts.concealedSamples / 48).toBeLessThan(400);
  const worst = Math.max(...delays.filter((delay) => !Number.isNaN(delay)));
  expect(worst).toBeGreaterThan(350);
  const back = delays.findIndex((delay, i) => i > 525 && delay < 150);
  expect(back).toBeGreaterThan(0);
  expect((back - 520) * 20).toBeLessThan(3_000);
  expect(counts.removedSamplesForAcceleration / 48).toBeGreaterThan(120);
  expect(last(delays)).toBeLessThan(90);
  expect(largestStep).toBeLessThan(0.1);
});

test("what is more than a second late is jumped over", () => {
  const late = (i: number) => (i >= 500 && i < 650 ? (650 - i) * FRAME_US : 0);
  const { delays } = playSound({ seconds: 20, late });
  const afterwards = delays.slice(655, 700).filter((delay) => !Number.isNaN(delay));
  expect(Math.max(...afterwards)).toBeLessThan(200);
});

test("lost packets are faded over, counted, and do not shift what follows", () => {
  const random = seededRandom(3);
  const { concealed, counts, delays, largestStep } = playSound({ seconds: 60, lost: () => random() < 0.02 });
  expect(concealed).toBeGreaterThan(0.005);
  expect(concealed).toBeLessThan(0.03);
  expect(counts.concealmentEvents).toBeGreaterThan(20);
  expect(last(delays)).toBeLessThan(110);
  expect(largestStep).toBeLessThan(0.6);
});

test("silence that was meant (muted, or not sent) is not concealment", () => {
  const muted = (i: number) => i >= 300 && i < 600;
  let nowUs = 0;
  const sink = new ClockedSink({ channels: 1, nowMs: () => nowUs / 1000, onSamples: () => undefined });
  const playout = new SoundPlayout({ sink });
  for (let i = 0; i < 900; i++) {
    if (muted(i)) continue;
    nowUs = i * FRAME_US + FRAME_US;
    const samples = new Float32Array(960).fill(0.1);
    playout.push({ timestampUs: i * FRAME_US, sampleRate: 48_000, channels: 1, samples }, { nowUs, lost: false });
  }
  expect(playout.counts.concealedSamples).toBe(0);
  expect(playout.heardUs(nowUs + 10_000_000)).toBeUndefined();
});

test.each([1.0005, 0.9995])(
  "a clock that drifts by %d neither fills nor empties the sink",
  (drift) => {
    const { counts, delays } = playSound({ seconds: 120, drift, silent: true });
    expect(counts.concealedSamples).toBe(0);
    expect(last(delays)).toBeGreaterThan(27);
    expect(last(delays)).toBeLessThan(50);
  },
  20_000,
);

test("sound waits for its pictures where they come later", () => {
  const { delays, counts } = playSound({ seconds: 30, minimumDelayUs: () => 200_000 });
  expect(last(delays)).toBeGreaterThan(170);
  expect(last(delays)).toBeLessThan(225);
  expect(counts.concealedSamples).toBe(0);
});

test("a device that takes nothing keeps no old sound", () => {
  let nowMs = 0;
  let running = true;
  let frozenMs = 0;
  const sink = new ClockedSink({
    channels: 1,
    nowMs: () => (running ? nowMs - frozenMs : 1_000),
    onSamples: () => undefined,
  });
  const playout = new SoundPlayout({ sink });
  for (let i = 0; i < 1_000; i++) {
    nowMs = i * 20 + 20;
    if (i === 50) running = false;
    if (i === 900) {
      running = true;
      frozenMs = nowMs - 1_000;
    }
    const samples = new Float32Array(960).fill(0.1);
    playout.push(
      { timestampUs: i * FRAME_US, sampleRate: 48_000, channels: 1, samples },
      { nowUs: nowMs * 1000, lost: false },
    );
    if (i > 70 && i < 900) {
      expect(playout.heardUs(nowMs * 1000)).toBeUndefined();
      expect(sink.bufferedSamples).toBeLessThan(8_000);
    }
  }
});

/** A device that takes nothing for a while when it is changed, and has another latency afterwards. */
class ChangingDevice implements PcmSink {
  readonly channels = 1;
  readonly #clocked: ClockedSink;
  #latencyMs = 10;
  #lostMs = 0;
  #nowMs = 0;

  constructor() {
    this.#clocked = new ClockedSink({ channels: 1, nowMs: () => this.#nowMs, onSamples: () => undefined });
  }

  get latencyMs(): number {
    return this.#latencyMs;
  }

  get outputLatencyUs(): number {
    return this.#latencyMs * 1000;
  }

  get bufferedSamples(): number {
    return this.#clocked.bufferedSamples;
  }

  get playedSamples(): number {
    return this.#clocked.playedSamples;
  }

  get emptySamples(): number {
    return this.#clocked.emptySamples;
  }

  /** It is `nowMs`. */
  advance(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs - this.#lostMs);
  }

  change(to: { readonly pauseMs: number; readonly latencyMs: number }): void {
    this.#lostMs += to.pauseMs;
    this.#latencyMs = to.latencyMs;
  }

  write(samples: Float32Array): void {
    this.#clocked.write(samples);
  }

  skip(count: number): void {
    this.#clocked.skip(count);
  }

  close(): void {
    this.#clocked.close();
  }
}

test("changing the device again and again, each with a pause and another latency, leaves no delay behind", () => {
  const device = new ChangingDevice();
  const playout = new SoundPlayout({ sink: device });
  /** What a listener waits beyond the device's own latency, three seconds after each change. */
  const settled: number[] = [];
  for (let i = 0; i < 12 * 250; i++) {
    const nowMs = i * 20 + 20;
    device.advance(nowMs);
    const change = (i - 100) / 250;
    if (Number.isInteger(change))
      device.change({ pauseMs: [60, 150, 400, 1_500][change % 4] ?? 0, latencyMs: change % 2 === 0 ? 180 : 10 });
    playout.push(
      { timestampUs: i * FRAME_US, sampleRate: 48_000, channels: 1, samples: voice(i * 960) },
      { nowUs: nowMs * 1000, lost: false },
    );
    if (i % 250 !== 249) continue;
    settled.push(nowMs - (playout.heardUs(nowMs * 1000) ?? 0) / 1000 - device.latencyMs);
  }
  expect(Math.max(...settled)).toBeLessThan(160);
  expect(settled.at(-1)).toBeLessThan((settled[0] ?? 0) + 40);
});

test("who comes back from a suspension, with a clock that stood still, is heard at once", () => {
  let nowMs = 0;
  const playout = new SoundPlayout({
    sink: new ClockedSink({ channels: 1, nowMs: () => nowMs, onSamples: () => undefined }),
  });
  let heard = 0;
  for (let i = 0; i < 500; i++) {
    nowMs = i * 20 + 20 + (i < 250 ? 0 : 60_000);
    const isHeard = playout.push(
      { timestampUs: i * FRAME_US, sampleRate: 48_000, channels: 1, samples: voice(i * 960) },
      { nowUs: nowMs * 1000, lost: false },
    );
    if (i >= 250 && isHeard !== undefined) heard++;
  }
  expect(heard).toBe(250);
});
