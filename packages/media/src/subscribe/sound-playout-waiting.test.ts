import { expect, test } from "vitest";
import { mean, playSound } from "../testing/play-sound.ts";
import { seededRandom } from "../testing/random.ts";

test.each([
  { frameUs: 20_000, stepUs: 0, delayMs: 35 },
  { frameUs: 20_000, stepUs: 10_667, delayMs: 40 },
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
