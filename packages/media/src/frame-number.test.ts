import { expect, test } from "vitest";
import { firstFrameNumber, frameDistance, nextFrameNumber } from "./frame-number.ts";

test("frame numbers wrap at 2^32 (P3)", () => {
  expect(nextFrameNumber(0xffff_ffff)).toBe(0);
  expect(frameDistance(1, 0xffff_ffff)).toBe(2);
  expect(frameDistance(0xffff_ffff, 1)).toBe(-2);
  expect(frameDistance(7, 7)).toBe(0);
});

test("a track that begins again is ahead of what it had sent", () => {
  const before = firstFrameNumber(1_790_000_000_000);
  expect(frameDistance(firstFrameNumber(1_790_000_010_000), before + 10 * 60)).toBeGreaterThan(0);
  expect(firstFrameNumber(1_790_000_000_000)).toBeLessThan(2 ** 32);
});
