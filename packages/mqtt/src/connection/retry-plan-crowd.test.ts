import { expect, test } from "vitest";
import { RetryPlan } from "./retry-plan.ts";

const CLIENTS = 50;
const RUNS = 20;

/** Repeatable numbers from 0 to 1: the linear congruential generator of Numerical Recipes. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** When each of many clients is back that lost one server at 0, which takes connections again from `upAtMs` on. */
function returnsMs(upAtMs: number, random: () => number): number[] {
  return Array.from({ length: CLIENTS }, () => {
    const plan = new RetryPlan(1);
    let atMs = plan.failed({ wasOpen: true, random: random() }).delayMs;
    while (atMs < upAtMs) atMs += plan.failed({ wasOpen: false, random: random() }).delayMs;
    return atMs;
  });
}

/** The most of them in any one second. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}

test.each([3_000, 3_500, 5_000, 10_000])(
  "fifty clients of a server that was away for %i ms come back at most forty in a second, and all within nine",
  (upAtMs) => {
    const random = numbers(upAtMs);
    for (let run = 0; run < RUNS; run++) {
      const times = returnsMs(upAtMs, random);
      expect(mostInASecond(times)).toBeLessThanOrEqual(40);
      expect(Math.max(...times) - upAtMs).toBeLessThanOrEqual(9_000);
    }
  },
);
