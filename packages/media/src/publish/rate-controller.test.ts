import { describe, expect, test } from "vitest";
import { seededRandom } from "../testing/random.ts";
import { lossyTcp } from "../testing/simulated-tcp.ts";
import { type SimulatedMoment, simulateUplink } from "../testing/simulated-uplink.ts";
import { RateController } from "./rate-controller.ts";

/** A value that changes at times. */
const steps = (list: readonly (readonly [number, number])[]) => (atMs: number) =>
  list.findLast(([fromMs]) => fromMs <= atMs)?.[1] ?? 0;
const between = (moments: readonly SimulatedMoment[], fromMs: number, toMs: number) =>
  moments.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], part: number) => sorted(values)[Math.floor(values.length * part)] ?? 0;
const bitrates = (moments: readonly SimulatedMoment[]) => moments.map(({ bitrateBps }) => bitrateBps);
const queues = (moments: readonly SimulatedMoment[]) => moments.map(({ queueMs }) => queueMs);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sentBps = (moments: readonly SimulatedMoment[]) => {
  const [first, last] = [moments[0], moments.at(-1)];
  return first && last ? (1000 * (last.sentBits - first.sentBits)) / (last.atMs - first.atMs) : Number.NaN;
};
const longestPauseMs = (moments: readonly SimulatedMoment[]) => {
  let [longest, current] = [0, 0];
  for (const { paused } of moments) {
    current = paused ? current + 100 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
};

describe("RateController", () => {
  test("follows a line of 1, 2.5, 0.6 and 1 Mbit/s, and its queue is short again 3 s after a step down", () => {
    const capacityBps = steps([
      [0, 1_000_000],
      [40_000, 2_500_000],
      [60_000, 600_000],
      [80_000, 1_000_000],
    ]);
    const moments = simulateUplink({ roundTripMs: 100, capacityBps }, { durationMs: 100_000 });
    expect(Math.max(...queues(between(moments, 63_000, 64_500)))).toBeLessThan(150); // a key frame comes later
    expect(longestPauseMs(moments)).toBeLessThanOrEqual(1_500);
    // Ten seconds after a step up, at least 60 % of what there is.
    expect(Math.max(...bitrates(between(moments, 49_000, 50_000)))).toBeGreaterThan(1_500_000);
    expect(Math.max(...bitrates(between(moments, 89_000, 90_000)))).toBeGreaterThan(600_000);
    const steady = moments.filter(({ atMs }) => atMs > 5_000 && (atMs < 60_000 || atMs > 63_000));
    expect(quantile(queues(steady), 0.5)).toBeLessThan(60);
    expect(mean(steady.map(({ atMs, bitrateBps }) => Math.min(1, bitrateBps / capacityBps(atMs))))).toBeGreaterThan(
      0.65,
    );
  });

  test.each([300_000, 600_000, 1_000_000, 2_000_000])("stays near what a line of %i bit/s carries", (capacity) => {
    const moments = simulateUplink({ roundTripMs: 60, capacityBps: () => capacity }, { durationMs: 60_000 });
    const steady = between(moments, 10_000, 60_000);
    expect(mean(bitrates(steady))).toBeGreaterThan(0.7 * capacity);
    expect(mean(bitrates(steady))).toBeLessThan(1.1 * capacity);
    expect(quantile(queues(steady), 0.5)).toBeLessThan(80);
    expect(quantile(queues(steady), 0.95)).toBeLessThan(350);
    expect(longestPauseMs(steady)).toBeLessThanOrEqual(600);
  });

  test("reaches its upper bound within seconds where there is room, and stays there", () => {
    const moments = simulateUplink({ roundTripMs: 2, capacityBps: () => 100_000_000 }, { durationMs: 30_000 });
    expect(Math.min(...bitrates(between(moments, 5_000, 30_000)))).toBe(2_500_000);
    expect(moments.at(-1)).toMatchObject({ limited: false, paused: false });
  });

  test("takes jitter for no queue", () => {
    const random = seededRandom(7);
    const line = { roundTripMs: 60, capacityBps: () => 10_000_000, jitterMs: () => random() * 100 };
    const moments = simulateUplink(line, { durationMs: 60_000 });
    expect(Math.min(...bitrates(between(moments, 10_000, 60_000)))).toBeGreaterThan(1_000_000);
    expect(moments.some(({ paused }) => paused)).toBe(false);
  });

  test("uses most of what TCP leaves on a line that loses packets, and never waits for long", () => {
    for (const [loss, roundTripMs] of [
      [0.01, 60],
      [0.03, 100],
      [0.05, 100],
    ] as const) {
      const line = () => lossyTcp({ lineBps: 6_000_000, roundTripMs, loss, random: seededRandom(3) });
      const settled = (capacityBps: (atMs: number) => number, maxBps: number) =>
        between(simulateUplink({ roundTripMs, capacityBps }, { durationMs: 60_000, maxBps }), 5_000, 60_000);
      const carried = line();
      const mostBps = mean(Array.from({ length: 6_000 }, (_, i) => carried(10 * i)));
      const moments = settled(line(), 1_500_000);
      expect(sentBps(moments), `${loss}`).toBeGreaterThan(0.5 * Math.min(1_500_000, mostBps));
      expect(longestPauseMs(moments), `${loss}`).toBeLessThanOrEqual(1_500);
    }
  });

  test("lets the bitrate grow while pictures need little, and does not take that for a narrow line", () => {
    const encodes = steps([
      [0, 60_000],
      [20_000, 1_500_000],
    ]);
    const random = seededRandom(5);
    const line = { roundTripMs: 40, capacityBps: () => 2_000_000, jitterMs: () => random() * 60 };
    const moments = simulateUplink(line, { durationMs: 30_000, maxBps: 1_500_000, encodes });
    expect(Math.min(...bitrates(between(moments, 0, 30_000)))).toBe(1_500_000);
    expect(sentBps(between(moments, 21_000, 30_000))).toBeGreaterThan(1_300_000);
  });

  test("grows no further than what is sent tells for a while after a queue", () => {
    const capacityBps = steps([
      [0, 2_500_000],
      [20_000, 400_000],
      [22_000, 2_500_000],
    ]);
    const encodes = steps([
      [0, 1_500_000],
      [21_000, 200_000],
    ]);
    const moments = simulateUplink(
      { roundTripMs: 100, capacityBps },
      { durationMs: 45_000, maxBps: 1_500_000, encodes },
    );
    expect(Math.max(...bitrates(between(moments, 21_500, 32_000)))).toBeLessThan(1_000_000);
    expect(moments.at(-1)?.bitrateBps).toBe(1_500_000);
  });

  test.each([300, 1_000, 3_000])("does not take a machine that stands still for %i ms for a narrow line", (stallMs) => {
    const stands = (atMs: number) => atMs > 5_000 && atMs % 7_000 < stallMs;
    const line = { roundTripMs: 40, capacityBps: () => 10_000_000 };
    const moments = simulateUplink(line, { durationMs: 40_000, maxBps: 1_500_000, stands });
    expect(Math.min(...bitrates(moments))).toBe(1_500_000);
    expect(longestPauseMs(moments)).toBeLessThanOrEqual(200);
  });

  test.each([300, 1_000, 3_000])("does not take a server that stands still for %i ms for a narrow line", (stallMs) => {
    const random = seededRandom(9);
    // What it finds afterwards it answers at once.
    const capacityBps = (atMs: number) => (atMs > 5_000 && atMs % 7_000 < stallMs ? 0 : 100_000_000);
    const line = { roundTripMs: 40, capacityBps, jitterMs: () => random() * 10 };
    const moments = simulateUplink(line, { durationMs: 40_000, maxBps: 1_500_000 });
    expect(Math.min(...bitrates(moments))).toBe(1_500_000);
  });

  test("goes on where it was after a pause, and learns nothing from it", () => {
    const watched = (atMs: number) => atMs < 20_000 || atMs > 40_000;
    const line = { roundTripMs: 40, capacityBps: () => 5_000_000 };
    const moments = simulateUplink(line, { durationMs: 50_000, watched });
    expect(between(moments, 19_000, 20_000).at(-1)?.bitrateBps).toBe(2_500_000);
    expect(Math.min(...bitrates(between(moments, 40_000, 50_000)))).toBe(2_500_000);
  });

  test("leaves a queue alone that others make, instead of giving way for ever", () => {
    const foreignQueueMs = steps([
      [0, 0],
      [20_000, 300],
    ]);
    const line = { roundTripMs: 40, capacityBps: () => 10_000_000, foreignQueueMs };
    const moments = simulateUplink(line, { durationMs: 50_000, maxBps: 1_500_000 });
    expect(Math.min(...bitrates(between(moments, 25_000, 50_000)))).toBeGreaterThan(500_000);
    expect(between(moments, 30_000, 50_000).some(({ paused }) => paused)).toBe(false);
  });

  test("gives way when most receivers see a queue, down to what they get", () => {
    const receivers = { queueMs: 600, receivedBps: 500_000 };
    const line = { roundTripMs: 20, capacityBps: () => 10_000_000 };
    const moments = simulateUplink(line, {
      durationMs: 40_000,
      maxBps: 1_500_000,
      // Their line carries 500 kbit/s and holds what is above for a while.
      receivers: (atMs, bitrateBps) => (atMs > 5_000 && bitrateBps > 500_000 ? receivers : undefined),
    });
    expect(between(moments, 0, 5_000).at(-1)?.bitrateBps).toBe(1_500_000);
    expect(quantile(bitrates(between(moments, 12_000, 40_000)), 0.5)).toBeLessThan(700_000);
    expect(Math.min(...bitrates(moments))).toBeGreaterThan(350_000);
    expect(moments.some(({ paused }) => paused)).toBe(false);
  });

  test("gives pictures that are added what nothing spoke against, whatever the first ones wanted", () => {
    const controller = new RateController({ minBps: 60_000, maxBps: 60_000 });
    const decide = (atMs: number) =>
      controller.decide({
        nowMs: atMs,
        queueAgeMs: 0,
        path: {
          ...{ roundTripMs: 20, minRoundTripMs: 20, waitedMs: 0 },
          ...{ sentBytes: atMs * 7, delivered: { bytes: atMs * 7, atMs } },
        },
        receivers: undefined,
        sinceKeyFrameMs: 10_000,
      });
    for (let atMs = 0; atMs <= 5_000; atMs += 100)
      expect(decide(atMs)).toMatchObject({ bitrateBps: 60_000, limited: false });
    controller.setBounds({ minBps: 80_000, maxBps: 2_000_000 });
    expect(decide(5_100).bitrateBps).toBeGreaterThanOrEqual(1_500_000);
    controller.setBounds({ minBps: 60_000, maxBps: 60_000 });
    expect(decide(5_200).bitrateBps).toBe(60_000);
    controller.setBounds({ minBps: 80_000, maxBps: 900_000 });
    expect(decide(5_300)).toMatchObject({ bitrateBps: 900_000, limited: false });
  });
});
