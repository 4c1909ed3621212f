import { expect, test } from "vitest";
import { PictureTiers } from "./picture-tier.ts";

test("PictureTiers makes a camera smaller before it makes it slower", () => {
  const tiers = new PictureTiers("motion");
  const chosen = [1, 0.7, 0.5, 0.3, 0.15, 0.1, 0.05].map((part, i) => tiers.choose(part, i * 100));
  expect(chosen.map(({ scale }) => scale)).toEqual([1, 1, 0.75, 0.5, 0.375, 0.25, 0.25]);
  expect(chosen.map(({ pace }) => pace)).toEqual([1, 1, 1, 1, 1, 1, 0.5]);
});

test("PictureTiers makes a screen slower before it makes it smaller, and never too small to be read", () => {
  const tiers = new PictureTiers("detail");
  const chosen = [0.7, 0.5, 0.4, 0.25, 0.15, 0.01].map((part, i) => tiers.choose(part, i * 100));
  expect(chosen.map(({ scale }) => Math.round(scale * 1080))).toEqual([1080, 1080, 1080, 1080, 720, 720]);
  expect(chosen.map(({ pace }) => pace)).toEqual([1, 0.5, 0.25, 0.125, 0.125, 0.0625]);
});

test("PictureTiers is as good as there is enough for, after five seconds of it, and waits longer after a step in vain", () => {
  const tiers = new PictureTiers("motion");
  const until = (wanted: number, fromMs: number, part: number) => {
    let atMs = fromMs;
    while (tiers.choose(part, atMs).scale !== wanted && atMs < fromMs + 120_000) atMs += 100;
    return atMs - fromMs;
  };
  expect(tiers.choose(0.3, 0).scale).toBe(0.5);
  expect(until(1, 100, 1)).toBe(5_000);
  expect(tiers.choose(0.3, 6_000).scale).toBe(0.5);
  expect(until(0.75, 6_100, 0.6)).toBe(10_000);
});
