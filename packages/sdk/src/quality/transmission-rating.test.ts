import { expect, test } from "vitest";
import { opinionScore, PICTURE_ROBUSTNESS, SOUND_ROBUSTNESS, transmissionRating } from "./transmission-rating.ts";

test("the rating is that of the E-model without impairments, and falls with delay and loss", () => {
  const rating = (delayMs: number, lostPercent: number, robustness = SOUND_ROBUSTNESS) =>
    transmissionRating({ delayMs, lostPercent, robustness });
  expect(rating(0, 0)).toBe(93.2);
  expect(rating(150, 0)).toBeCloseTo(89.6, 5); // G.114 calls 150 ms fine
  expect(rating(400, 0)).toBeLessThan(60); // and 400 ms the most to plan with
  expect(rating(150, 4)).toBeGreaterThan(70);
  expect(rating(150, 3, PICTURE_ROBUSTNESS)).toBeGreaterThan(70);
  expect(rating(150, 8, PICTURE_ROBUSTNESS)).toBeLessThan(60);
  expect(rating(10_000, 100)).toBe(0);
});

test("the score is that of G.107's Annex B", () => {
  expect([90, 80, 70, 60, 50].map(opinionScore)).toEqual([4.3, 4, 3.6, 3.1, 2.6]);
  expect([opinionScore(0), opinionScore(-5), opinionScore(120)]).toEqual([1, 1, 4.5]);
});
