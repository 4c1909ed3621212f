import { expect, test } from "vitest";
import { CaptureClock } from "./capture-clock.ts";
import { seededRandom } from "./testing/random.ts";

const EPOCH_US = 1_790_000_000_000_000;

test("CaptureClock takes what came fastest to have come at once", () => {
  const clock = new CaptureClock();
  expect(clock.toEpochUs(1_000, EPOCH_US + 9_000)).toBe(EPOCH_US + 9_000);
  expect(clock.toEpochUs(34_000, EPOCH_US + 36_000)).toBe(EPOCH_US + 36_000);
  // 8 ms late: its time is not.
  expect(clock.toEpochUs(67_000, EPOCH_US + 77_000)).toBe(EPOCH_US + 69_000);
});

test("CaptureClock follows a source whose clock drifts by 100 ppm", () => {
  const clock = new CaptureClock();
  const random = seededRandom(1);
  for (let i = 0; i < 30 * 600; i++) {
    const trueUs = i * 33_333;
    const epochUs = clock.toEpochUs(trueUs * 1.0001, EPOCH_US + trueUs + random() * 5_000);
    if (i > 300) expect(Math.abs(epochUs - EPOCH_US - trueUs)).toBeLessThan(3_000);
  }
});
