import { expect, test } from "vitest";
import { appendRate, HISTORY_SECONDS, ratePoints } from "./rate-history.ts";

test("appendRate forgets what is older than is drawn", () => {
  let history: readonly number[] = [];
  for (let index = 0; index < 100; index++) history = appendRate(history, index);
  expect(history).toHaveLength(HISTORY_SECONDS);
  expect(history.at(-1)).toBe(99);
});

test("ratePoints ends at the right and stays inside", () => {
  expect(ratePoints([0, 30, 60], { width: 29, height: 10, most: 30 })).toBe("27.0,10.0 28.0,0.0 29.0,0.0");
});
