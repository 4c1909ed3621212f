import { expect, test } from "vitest";
import { FrameRateGate, LiveTimeline, MediaPacing } from "./media-pacing.ts";

test("MediaPacing: frames are due by their own times, counted from the first, without drift", () => {
  const pacing = new MediaPacing();
  expect(pacing.dueMs(0, 1_000)).toBe(1_000);
  expect(pacing.dueMs(40_000, 1_003)).toBe(1_040);
  // The callers' own lateness never moves the plan.
  for (let i = 2; i < 10_000; i++) expect(pacing.dueMs(i * 40_000, 1_000 + i * 40 + 7)).toBe(1_000 + i * 40);
});

test("MediaPacing: a second behind, it goes on from where it is", () => {
  const pacing = new MediaPacing();
  pacing.dueMs(0, 0);
  expect(pacing.dueMs(40_000, 900)).toBe(40);
  expect(pacing.dueMs(80_000, 5_000)).toBe(5_000);
  expect(pacing.dueMs(120_000, 5_000)).toBe(5_040);
});

test("LiveTimeline: stamps follow the device's clock and are never in the future", () => {
  const timeline = new LiveTimeline();
  // The first frame waited 300 ms in the device, the later ones 5 ms.
  expect(timeline.stampUs(0, 1_300_000)).toBe(1_300_000);
  expect(timeline.stampUs(33_000, 1_038_000)).toBe(1_038_000);
  expect(timeline.stampUs(66_000, 1_080_000)).toBe(1_071_000);
  expect(timeline.stampUs(99_000, 1_104_000)).toBe(1_104_000);
});

test("LiveTimeline: after a pause of the device it begins anew", () => {
  const timeline = new LiveTimeline();
  timeline.stampUs(0, 1_000_000);
  expect(timeline.stampUs(33_000, 9_000_000)).toBe(9_000_000);
  expect(timeline.stampUs(66_000, 9_033_000)).toBe(9_033_000);
});

const admitted = (rate: number, times: readonly number[]) => {
  const gate = new FrameRateGate(rate);
  return times.filter((time) => gate.admit(time));
};

test("FrameRateGate: every second frame of 60 passes at 30, three of four at 45", () => {
  const sixty = Array.from({ length: 121 }, (_, i) => Math.round((i * 1_000_000) / 60));
  expect(admitted(30, sixty)).toHaveLength(61);
  expect(admitted(45, sixty).length).toBeGreaterThan(85);
  expect(admitted(45, sixty).length).toBeLessThan(95);
});

test("FrameRateGate: an uneven source of the wanted rate passes, and an infinite rate admits all", () => {
  const uneven = Array.from({ length: 100 }, (_, i) => i * 33_333 + (i % 2) * 4_000);
  expect(admitted(30, uneven)).toHaveLength(100);
  expect(admitted(Number.POSITIVE_INFINITY, [0, 1, 2, 2, 1])).toHaveLength(5);
});

test("FrameRateGate: a gap and a jump backwards begin a new count", () => {
  expect(admitted(10, [0, 50_000, 1_000_000, 1_050_000, 0, 50_000, 100_000])).toEqual([0, 1_000_000, 0, 100_000]);
});
