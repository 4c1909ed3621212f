import { expect, test } from "vitest";
import { seededRandom } from "../testing/random.ts";
import { DelayEstimator, PICTURE_DELAY, SOUND_DELAY } from "./delay-estimator.ts";

const FRAME_US = 33_333;

/** The target after `seconds` of frames whose delays `delay` gives. */
function run(
  estimator: DelayEstimator,
  options: { seconds: number; from?: number; delay: (i: number) => number; intervalUs?: number },
): number {
  const { seconds, from = 0, delay, intervalUs = FRAME_US } = options;
  for (let i = 0; i * intervalUs < seconds * 1e6; i++) estimator.push(delay(i), from * 1e6 + i * intervalUs);
  return estimator.targetUs;
}

test("pictures wait for nothing on a loopback or a LAN", () => {
  const random = seededRandom(1);
  const estimator = new DelayEstimator(PICTURE_DELAY);
  expect(run(estimator, { seconds: 60, delay: () => random() * 38_000 })).toBe(0);
});

test("one late picture in a second does not make the others wait", () => {
  const estimator = new DelayEstimator(PICTURE_DELAY);
  expect(run(estimator, { seconds: 60, delay: (i) => (i % 30 === 7 ? 180_000 : 2_000) })).toBe(0);
});

test("pictures wait as long as 19 of 20 need, and no longer", () => {
  const random = seededRandom(2);
  const estimator = new DelayEstimator(PICTURE_DELAY);
  const targetUs = run(estimator, { seconds: 60, delay: () => random() * 100_000 });
  expect(targetUs).toBeGreaterThan(90_000);
  expect(targetUs).toBeLessThan(115_000);
});

test("the target rises within a second and falls slowly", () => {
  const estimator = new DelayEstimator(PICTURE_DELAY);
  run(estimator, { seconds: 10, delay: () => 0 });
  const risen = run(estimator, { seconds: 1, from: 10, delay: () => 80_000 });
  expect(risen).toBeGreaterThan(80_000);
  // The quantile forgets in seconds; then it falls by 50 ms a second.
  let before = risen;
  for (let second = 11; second < 40; second++) {
    const now = run(estimator, { seconds: 1, from: second, delay: () => 0 });
    expect(before - now).toBeLessThanOrEqual(50_001);
    before = now;
  }
  expect(before).toBe(0);
});

test("sound comes down from its start to 10 ms where nothing is late, by no more than 24 ms a second", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  expect(run(estimator, { seconds: 1, delay: () => 1_000, intervalUs: 20_000 })).toBeGreaterThan(55_000);
  expect(run(estimator, { seconds: 5, from: 1, delay: () => 1_000, intervalUs: 20_000 })).toBe(10_000);
});

test("sound waits for the worst of each half second, within its bounds", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  const everySecond = (i: number) => (i % 50 === 0 ? 120_000 : 0);
  expect(run(estimator, { seconds: 30, delay: everySecond, intervalUs: 20_000 })).toBe(135_000);
  expect(run(estimator, { seconds: 30, from: 30, delay: () => 3_000_000, intervalUs: 20_000 })).toBe(400_000);
});

test("sound does not wait for what comes late once in five seconds", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  const seldom = (i: number) => (i % 250 === 0 ? 300_000 : 0);
  expect(run(estimator, { seconds: 30, delay: seldom, intervalUs: 20_000 })).toBe(10_000);
});

test("five bad seconds are waited for, and forgotten eight seconds later", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  const during = (seconds: number, options: { readonly from: number; readonly delayUs: number }) =>
    run(estimator, { seconds, from: options.from, delay: () => options.delayUs, intervalUs: 20_000 });
  during(8, { from: 0, delayUs: 1_000 });
  expect(during(5, { from: 8, delayUs: 200_000 })).toBe(215_000);
  expect(during(4, { from: 13, delayUs: 1_000 })).toBe(215_000);
  // It falls by 30 % a second, then by 20 ms.
  expect(during(4, { from: 17, delayUs: 1_000 })).toBeLessThan(215_000);
  expect(during(10, { from: 21, delayUs: 1_000 })).toBe(10_000);
});

test("a bad beginning is forgotten as soon as it is clearly over", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  const random = seededRandom(3);
  const during = (seconds: number, options: { readonly from: number; readonly delay: (i: number) => number }) =>
    run(estimator, { seconds, from: options.from, delay: options.delay, intervalUs: 20_000 });
  expect(during(30, { from: 0, delay: (i) => (i % 25 === 0 ? 240_000 : 20_000) })).toBeGreaterThan(240_000);
  expect(during(20, { from: 30, delay: () => random() * 60_000 })).toBeLessThan(100_000);
});

test("what is late now and then stays waited for on a line that stays as it is", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  const random = seededRandom(4);
  const delay = () => (random() < 0.02 ? 150_000 : random() * 30_000);
  run(estimator, { seconds: 30, delay, intervalUs: 20_000 });
  const targets = Array.from({ length: 120 }, (_, second) =>
    run(estimator, { seconds: 1, from: 30 + second, delay, intervalUs: 20_000 }),
  );
  expect(targets.filter((targetUs) => targetUs < 150_000).length / targets.length).toBeLessThan(0.1);
});

test("what came another way is forgotten at once, and the target falls without a jump", () => {
  const estimator = new DelayEstimator(SOUND_DELAY);
  run(estimator, { seconds: 30, delay: () => 200_000, intervalUs: 20_000 });
  estimator.forget();
  expect(run(estimator, { seconds: 1, from: 30, delay: () => 1_000, intervalUs: 20_000 })).toBeGreaterThan(140_000);
  expect(run(estimator, { seconds: 6, from: 31, delay: () => 1_000, intervalUs: 20_000 })).toBe(10_000);
});

test("a bad time of pictures is over after eight good seconds", () => {
  const estimator = new DelayEstimator(PICTURE_DELAY);
  const random = seededRandom(5);
  run(estimator, { seconds: 10, delay: () => 0 });
  run(estimator, { seconds: 6, from: 10, delay: () => random() * 300_000 });
  expect(run(estimator, { seconds: 7, from: 16, delay: () => 5_000 })).toBeGreaterThan(150_000);
  expect(run(estimator, { seconds: 10, from: 23, delay: () => 5_000 })).toBe(0);
});
