import { expect, test } from "vitest";
import { FreezeDetector } from "./freeze-detector.ts";

/** Shows a picture after each of `gapsMs`. */
function show(gapsMs: readonly number[]): FreezeDetector {
  const detector = new FreezeDetector();
  let nowMs = 1_000;
  detector.push(nowMs);
  for (const gapMs of gapsMs) {
    nowMs += gapMs;
    detector.push(nowMs);
  }
  return detector;
}

const steady = (count: number, gapMs = 33) => Array.from({ length: count }, () => gapMs);

test("FreezeDetector counts a picture that stands 150 ms longer than the average", () => {
  expect(show([...steady(30), 182]).freezeCount).toBe(0);
  const frozen = show([...steady(30), 183, ...steady(5)]);
  expect([frozen.freezeCount, frozen.totalFreezesDurationMs]).toEqual([1, 183]);
});

test("FreezeDetector asks for three times the average at low frame rates", () => {
  expect(show([...steady(30, 200), 599]).freezeCount).toBe(0);
  expect(show([...steady(30, 200), 600]).freezeCount).toBe(1);
});

test("FreezeDetector averages over the last 30 frames", () => {
  expect(show([...steady(100, 200), ...steady(30, 33), 250]).freezeCount).toBe(1);
});

test("FreezeDetector counts more than five seconds as a pause", () => {
  const paused = show([...steady(30), 5_001, ...steady(3)]);
  expect([paused.freezeCount, paused.pauseCount, paused.totalPausesDurationMs]).toEqual([0, 1, 5_001]);
});
