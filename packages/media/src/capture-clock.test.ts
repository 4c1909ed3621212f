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

test("CaptureClock follows a source that lost time within a bit more than a second, and not one that was only late", () => {
  const clock = new CaptureClock();
  let errorUs = 0;
  for (let i = 0; i < 1_000; i++) {
    const trueUs = i * 10_000;
    const lostUs = i >= 300 ? 200_000 : 0; // the device skipped 200 ms and goes on
    errorUs = EPOCH_US + trueUs - clock.toEpochUs(trueUs - lostUs, EPOCH_US + trueUs);
    if (i < 300 || i > 420) expect(errorUs).toBe(0);
  }
  for (let i = 1_000; i < 1_100; i++) {
    const trueUs = i * 10_000;
    const waitedUs = i < 1_050 ? (1_050 - i) * 10_000 : 0; // half a second comes at once
    errorUs = EPOCH_US + trueUs - clock.toEpochUs(trueUs - 200_000, EPOCH_US + trueUs + waitedUs);
    expect(errorUs).toBe(0);
  }
});
