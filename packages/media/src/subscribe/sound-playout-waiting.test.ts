import { expect, test } from "vitest";
import { mean, playSound } from "../testing/play-sound.ts";
import { seededRandom } from "../testing/random.ts";

test.each([
  { frameUs: 20_000, stepUs: 0, delayMs: 35 },
  { frameUs: 10_000, stepUs: 0, delayMs: 25 },
  { frameUs: 20_000, stepUs: 10_667, delayMs: 40 },
  { frameUs: 10_000, stepUs: 10_667, delayMs: 30 },
  { frameUs: 20_000, stepUs: 32_000, delayMs: 51 },
])(
  "on a loopback sound waits 10 ms beside its frame and path, and half a step of the device: $frameUs, $stepUs µs",
  (each) => {
    const random = seededRandom(1);
    const { counts, delays, largestStep } = playSound({ seconds: 30, late: () => random() * 2_000, ...each });
    expect(counts.concealedSamples).toBe(0);
    expect(Math.abs(mean(delays.slice(-500)) - each.delayMs)).toBeLessThan(5.5);
    expect(largestStep).toBeLessThan(0.03);
  },
);

test("frames of 10 ms that come late together are played away without a click", () => {
  // At 10 s nothing comes for 300 ms, then all at once.
  const late = (i: number) => (i >= 1000 && i < 1030 ? (1030 - i) * 10_000 : 0);
  const { counts, delays, largestStep } = playSound({ seconds: 20, frameUs: 10_000, late });
  expect(counts.concealmentEvents).toBe(1);
  expect(counts.removedSamplesForAcceleration / 48).toBeGreaterThan(120);
  const back = delays.findIndex((delay, i) => i > 1050 && delay < 90);
  expect((back - 1030) * 10).toBeLessThan(3_000);
  expect(mean(delays.slice(-200))).toBeLessThan(50);
  expect(largestStep).toBeLessThan(0.1);
});

test("frames of 10 ms that are to wait longer are stretched without a click", () => {
  const minimumDelayUs = (i: number) => (i < 1000 ? 0 : 150_000);
  const { counts, delays, largestStep } = playSound({ seconds: 20, frameUs: 10_000, minimumDelayUs });
  expect(counts.concealedSamples).toBe(0);
  expect(counts.insertedSamplesForDeceleration / 48).toBeGreaterThan(60);
  expect(mean(delays.slice(1_250, 1_300))).toBeGreaterThan(120);
  expect(mean(delays.slice(-200))).toBeLessThan(160);
  expect(largestStep).toBeLessThan(0.03);
});
