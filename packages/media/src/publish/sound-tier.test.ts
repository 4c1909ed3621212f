import { expect, test } from "vitest";
import { SoundTiers } from "./sound-tier.ts";

test("SoundTiers costs less after two seconds of a long queue, step by step, and more after five without", () => {
  const tiers = new SoundTiers();
  const parts = (queueMs: number, fromS: number, toS: number) => {
    const seen: number[] = [];
    for (let atS = fromS; atS < toS; atS += 0.25)
      seen.push(tiers.choose(queueMs, { nowMs: atS * 1000, affordsShortFrames: false }).part);
    return seen;
  };
  expect(new Set(parts(390, 0, 10))).toEqual(new Set([1]));
  expect(parts(500, 10, 12).every((part) => part === 1)).toBe(true);
  expect(tiers.choose(500, { nowMs: 12_000, affordsShortFrames: false })).toEqual({ part: 0.75, frameDurationMs: 40 });
  expect(parts(500, 12.25, 20).at(-1)).toBe(0.5);
  expect(parts(300, 20, 40).every((part) => part === 0.5)).toBe(true);
  expect(parts(50, 40, 55).at(-1)).toBe(1);
});

test("SoundTiers tries short frames on a line that was good, and later each time that it was not", () => {
  const tiers = new SoundTiers();
  let atS = 0;
  /** The lengths that are chosen for so long. */
  const lengths = (seconds: number, queueMs: number, affordsShortFrames = true) => {
    const seen = new Set<number>();
    for (const endS = atS + seconds; atS < endS; atS += 0.25) {
      seen.add(tiers.choose(queueMs, { nowMs: atS * 1000, affordsShortFrames }).frameDurationMs);
    }
    return [...seen];
  };
  expect(lengths(20, 41)).toEqual([20]);
  expect(lengths(4, 40)).toEqual([20]);
  expect(lengths(1, 40)).toEqual([10]);
  expect(lengths(5, 150)).toEqual([10]);
  expect(lengths(0.25, 151)).toEqual([20]);
  expect(lengths(8, 0)).toEqual([20]);
  expect(lengths(1, 0)).toEqual([10]);
  // Too many have come to listen.
  expect(lengths(5, 0, false)).toEqual([20]);
  expect(lengths(8, 0)).toEqual([20]);
  expect(lengths(0.25, 0)).toEqual([10]);
  expect(lengths(3, 500)).toEqual([20, 40]);
});
