import { expect, test } from "vitest";
import { SoundTiers } from "./sound-tier.ts";

test("SoundTiers costs less after two seconds of a long queue, step by step, and more after five without", () => {
  const tiers = new SoundTiers();
  const parts = (queueMs: number, fromS: number, toS: number) => {
    const seen: number[] = [];
    for (let atS = fromS; atS < toS; atS += 0.25) seen.push(tiers.choose(queueMs, atS * 1000).part);
    return seen;
  };
  expect(new Set(parts(390, 0, 10))).toEqual(new Set([1]));
  expect(parts(500, 10, 12).every((part) => part === 1)).toBe(true);
  expect(tiers.choose(500, 12_000)).toEqual({ part: 0.75, frameDurationMs: 40 });
  expect(parts(500, 12.25, 20).at(-1)).toBe(0.5);
  expect(parts(300, 20, 40).every((part) => part === 0.5)).toBe(true);
  expect(parts(50, 40, 55).at(-1)).toBe(1);
});
