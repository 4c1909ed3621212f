import { expect, test } from "vitest";
import { DecoderBudget } from "./decoder-budget.ts";

const HD_PX = 1280 * 720 * 30;

/** A machine that decodes `capacityPxPerS`; 16 pictures wait at most. Decided four times a second. */
function machine(budget: DecoderBudget) {
  let queueMs = 0;
  let nowMs = 0;
  return (seconds: number, { capacity, wanted }: { capacity: number; wanted: number }) => {
    for (let i = 0; i < 4 * seconds; i++) {
      nowMs += 250;
      const given = Math.min(wanted, budget.pxPerS);
      queueMs = Math.max(0, Math.min(500, queueMs + 250 * (given / capacity - 1)));
      budget.decide({ nowMs, decodedPxPerS: Math.min(given, capacity), queueMs, wantedPxPerS: wanted });
    }
    return { pxPerS: budget.pxPerS, queueMs };
  };
}

test("DecoderBudget has no limit while the machine keeps up", () => {
  const run = machine(new DecoderBudget());
  expect(run(60, { capacity: 2 * HD_PX, wanted: HD_PX }).pxPerS).toBe(Number.POSITIVE_INFINITY);
});

test("DecoderBudget comes down to what a slow machine decodes, and back when it is fast again", () => {
  const run = machine(new DecoderBudget());
  const slow = run(20, { capacity: HD_PX / 2, wanted: HD_PX });
  expect(slow.pxPerS).toBeLessThan(HD_PX / 2);
  expect(slow.pxPerS).toBeGreaterThan(HD_PX / 5);
  expect(slow.queueMs).toBeLessThan(200);
  expect(run(120, { capacity: 2 * HD_PX, wanted: HD_PX }).pxPerS).toBe(Number.POSITIVE_INFINITY);
});
