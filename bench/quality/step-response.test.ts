import { expect, test } from "vitest";
import { profilesNamed } from "./profiles.ts";
import { type StepSample, stepResponseOf } from "./step-response.ts";

const [p9] = profilesNamed(["P9"]);
const STEPS = { steps: p9?.steps ?? [], seconds: 100, mostKbps: 1_000 };

/** Two samples a second for a hundred seconds: the steps of P9 are at 40, 60 and 80. */
function samples({
  kbpsAt = () => 500,
  queueAt = () => 20,
}: {
  kbpsAt?: (second: number) => number;
  queueAt?: (second: number) => number;
}): StepSample[] {
  let videoBytes = 0;
  return Array.from({ length: 201 }, (_, i) => {
    const atS = i / 2;
    const sample = { atS, queueMs: queueAt(atS), videoBytes };
    videoBytes += (kbpsAt(atS) * 1000) / 8 / 2;
    return sample;
  });
}

test("how long a queue lasts after a step down is seen", () => {
  const response = stepResponseOf(samples({ queueAt: (s) => (s >= 60 && s < 64 ? 400 : 20) }), STEPS);
  expect(response).toMatchObject({ calmAfterS: 4, queueP95Ms: 20 });
  expect(stepResponseOf(samples({}), STEPS).calmAfterS).toBe(0);
});

test("a queue before the step, or after the next one, is not taken for its", () => {
  const queueAt = (second: number) => (second < 60 || second >= 80 ? 300 : 20);
  expect(stepResponseOf(samples({ queueAt }), STEPS)).toMatchObject({ calmAfterS: 0, queueP95Ms: 300 });
});

test("a queue that comes back within the same step counts to its end, one that stays never ends", () => {
  const again = (second: number) => (second === 61 || second === 70 ? 200 : 20);
  expect(stepResponseOf(samples({ queueAt: again }), STEPS).calmAfterS).toBe(10.5);
  const stays = (second: number) => (second >= 60 && second < 80 ? 200 : 20);
  expect(stepResponseOf(samples({ queueAt: stays }), STEPS).calmAfterS).toBe(Number.POSITIVE_INFINITY);
});

test("what is used is counted of what the line carried and the pictures could take", () => {
  const { used, usedAfterStepUp } = stepResponseOf(samples({}), STEPS);
  expect(used).toBeCloseTo((500 * 100) / (1_000 * 80 + 600 * 20));
  expect(usedAfterStepUp).toBeCloseTo(0.5);
});

test("after a step up there are ten seconds, and the step that is followed worst counts", () => {
  const kbpsAt = (second: number) => (second >= 50 && second < 80 ? 900 : 300);
  expect(stepResponseOf(samples({ kbpsAt }), STEPS).usedAfterStepUp).toBeCloseTo(0.3);
  const slow = (second: number) => (second >= 90 || (second >= 50 && second < 60) ? 900 : 300);
  expect(stepResponseOf(samples({ kbpsAt: slow }), STEPS).usedAfterStepUp).toBeCloseTo(0.9);
});

test("a stack that says nothing of queues is not taken for one without", () => {
  const { calmAfterS, queueP95Ms } = stepResponseOf(samples({ queueAt: () => Number.NaN }), STEPS);
  expect([calmAfterS, queueP95Ms]).toEqual([Number.NaN, Number.NaN]);
});
