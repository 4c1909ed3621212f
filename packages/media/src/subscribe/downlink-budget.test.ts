import { expect, test } from "vitest";
import { chooseLayers, type LayerDemand, wantedBudget } from "./choose-layers.ts";
import { DownlinkBudget } from "./downlink-budget.ts";

const LAYERS = [
  { id: 0, widthPx: 320, heightPx: 180, bitrateBps: 188_000, frameRate: 30, temporalLayers: 1 },
  { id: 1, widthPx: 640, heightPx: 360, bitrateBps: 530_000, frameRate: 30, temporalLayers: 1 },
  { id: 2, widthPx: 1280, heightPx: 720, bitrateBps: 1_500_000, frameRate: 30, temporalLayers: 1 },
];
const STEP_MS = 250;

interface Moment {
  readonly atS: number;
  readonly layer: number | undefined;
  readonly queueMs: number;
}

/**
 * One large picture over a line that keeps everything until it is sent, up to half a second of it, as a broker does that
 * then drops; `capacityBps` at a time.
 */
function watch(seconds: number, capacityBps: (atS: number) => number): readonly Moment[] {
  const budget = new DownlinkBudget();
  const moments: Moment[] = [];
  let queuedBits = 0;
  let current: number | undefined;
  for (let nowMs = 0; nowMs < seconds * 1000; nowMs += STEP_MS) {
    const line = capacityBps(nowMs / 1000);
    const sentBits = ((LAYERS.find(({ id }) => id === current)?.bitrateBps ?? 0) * STEP_MS) / 1000;
    const carried = Math.min((line * STEP_MS) / 1000, queuedBits + sentBits);
    queuedBits = Math.min(line / 2, queuedBits + sentBits - carried);
    const queueMs = (1000 * queuedBits) / line;
    const demand: LayerDemand = { key: "a", layers: LAYERS, size: undefined, current, rank: 0 };
    const receivedBps = (carried * 1000) / STEP_MS;
    const bps = budget.decide({ nowMs, receivedBps, queueMs, wantedBps: wantedBudget([demand]).bitrateBps });
    current = chooseLayers([demand], { bitrateBps: bps, pxPerS: Number.POSITIVE_INFINITY }).get("a")?.layer;
    moments.push({ atS: nowMs / 1000, layer: current, queueMs });
  }
  return moments;
}

const layersAfter = (moments: readonly Moment[], seconds: number) =>
  new Set(moments.filter(({ atS }) => atS >= seconds).map(({ layer }) => layer));

test("DownlinkBudget limits nothing where nothing waits", () => {
  expect(
    layersAfter(
      watch(60, () => 2_000_000),
      1,
    ),
  ).toEqual(new Set([2]));
});

test("DownlinkBudget: a line that gets narrow costs the large layer within two seconds, and the queue goes", () => {
  const moments = watch(40, (s) => (s < 10 ? 5_000_000 : 700_000));
  const down = moments.find(({ atS, layer }) => atS >= 10 && layer !== 2);
  expect((down?.atS ?? 99) - 10).toBeLessThan(2);
  const late = moments.filter(({ atS, queueMs }) => atS > 14 && queueMs > 200);
  expect(late.length * STEP_MS).toBeLessThan(5_000);
});

test("DownlinkBudget: on a line that stays narrow more is tried, and less and less often", () => {
  const moments = watch(300, () => 700_000);
  const tries = moments.filter(({ layer }, i) => layer === 2 && moments[i - 1]?.layer !== 2).map(({ atS }) => atS);
  const gaps = tries.map((atS, i) => atS - (tries[i - 1] ?? 0)).slice(1);
  expect(gaps.length).toBeGreaterThan(1);
  expect(gaps.at(-1)).toBeGreaterThan(40);
  const seen = moments.filter(({ layer }) => layer === 1).length;
  expect(seen / moments.length).toBeGreaterThan(0.8);
});

test("DownlinkBudget: a line that is wide again carries the large layer again within twenty seconds", () => {
  const moments = watch(60, (s) => (s > 5 && s < 15 ? 600_000 : 5_000_000));
  expect(layersAfter(moments, 5)).toContain(1);
  expect(layersAfter(moments, 36)).toEqual(new Set([2]));
});

test("DownlinkBudget does not take a key frame's queue for a narrow line", () => {
  const budget = new DownlinkBudget();
  for (let nowMs = 0; nowMs < 30_000; nowMs += STEP_MS) {
    const queueMs = nowMs % 5_000 === 0 ? 400 : 20;
    const bps = budget.decide({ nowMs, receivedBps: 1_500_000, queueMs, wantedBps: 1_500_000 });
    expect(bps).toBe(Number.POSITIVE_INFINITY);
  }
});

test("DownlinkBudget leaves publishers four seconds to keep to what a way carries that loses packets, then keeps to it itself", () => {
  const budget = new DownlinkBudget();
  const run = (fromS: number, forS: number, receivedBps: number, availableBps: number | undefined) => {
    for (let nowMs = fromS * 1000; nowMs < (fromS + forS) * 1000; nowMs += STEP_MS) {
      budget.decide({ nowMs, receivedBps, queueMs: 30, wantedBps: 1_500_000, availableBps, followed: true });
    }
    return budget.bps;
  };
  expect(run(0, 3, 900_000, 400_000)).toBe(Number.POSITIVE_INFINITY);
  expect(run(3, 30, 420_000, 400_000)).toBe(Number.POSITIVE_INFINITY);
  expect(run(33, 6, 900_000, 400_000)).toBe(400_000);
  expect(run(39, 1, 300_000, 450_000)).toBe(450_000);
  expect(run(40, 1, 300_000, 30_000)).toBe(100_000);
  expect(run(41, 1, 300_000, 2_000_000)).toBe(Number.POSITIVE_INFINITY);
});

test("DownlinkBudget forgets what a queue on one connection told when packets are known to be lost", () => {
  const budget = new DownlinkBudget();
  for (let nowMs = 0; nowMs < 3_000; nowMs += STEP_MS) {
    budget.decide({ nowMs, receivedBps: 300_000, queueMs: 600, wantedBps: 1_500_000 });
  }
  expect(budget.bps).toBeLessThan(300_000);
  const sample = { nowMs: 3_000, receivedBps: 300_000, queueMs: 600, wantedBps: 1_500_000 };
  expect(budget.decide({ ...sample, availableBps: 500_000, followed: true })).toBe(Number.POSITIVE_INFINITY);
});

test("DownlinkBudget keeps to what the way carries at once where publishers have others to serve, too", () => {
  const budget = new DownlinkBudget();
  const sample = { receivedBps: 900_000, queueMs: 30, wantedBps: 1_500_000, availableBps: 400_000, followed: false };
  expect(budget.decide({ ...sample, nowMs: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(budget.decide({ ...sample, nowMs: 500 })).toBe(400_000);
  expect(budget.decide({ ...sample, nowMs: 750, receivedBps: 300_000, availableBps: 300_000 })).toBe(300_000);
});

test("DownlinkBudget begins to wait for publishers anew when losses begin anew", () => {
  const budget = new DownlinkBudget();
  const sample = { receivedBps: 900_000, queueMs: 30, wantedBps: 1_500_000, followed: false };
  budget.decide({ ...sample, nowMs: 0, availableBps: 400_000 });
  budget.decide({ ...sample, nowMs: 250, availableBps: undefined });
  expect(budget.decide({ ...sample, nowMs: 60_000, availableBps: 400_000 })).toBe(Number.POSITIVE_INFINITY);
  expect(budget.decide({ ...sample, nowMs: 60_500, availableBps: 400_000 })).toBe(400_000);
});
