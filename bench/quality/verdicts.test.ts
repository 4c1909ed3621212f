import { expect, test } from "vitest";
import { type Measurement, measurementOf } from "./measurement.ts";
import { PROFILES, profilesNamed } from "./profiles.ts";
import { resultTable, verdictTable } from "./result-table.ts";
import { parseTraffic } from "./traffic.ts";
import { middleOf, type ProfileResult, type Run, type Setting, verdictsOf } from "./verdicts.ts";

const CAPTURED = Array.from({ length: 300 }, (_, i) => 1_000 + (i * 100) / 3);
const BEEPS = Array.from({ length: 10 }, (_, i) => 1_010 + i * 1_000);
const COUNTS = { videoBytes: 0, totalSamples: 0, concealedSamples: 0, widthPx: 640, heightPx: 360, about: "" };
const NO_QUEUE = { ...COUNTS, queueMs: 0 };

interface Shape {
  readonly latencyMs: number;
  readonly kbps?: number;
  readonly heightPx?: number;
  /** Which beeps of the ten are not heard. */
  readonly deafTo?: readonly number[];
}

/** Ten seconds in which every picture took `latencyMs` and every beep as long. */
function viewer({ latencyMs, kbps = 800, heightPx = 360, deafTo = [] }: Shape): Measurement {
  return measurementOf({
    ...{ fromMs: 1_000, toMs: 11_000, firstPictureMs: 200, wireBytes: 1_250_000, cpuSeconds: 6, pictures: [] },
    sender: { capturedMs: CAPTURED, beepsMs: BEEPS, about: "" },
    viewer: {
      shown: CAPTURED.map((ms, number) => ({ number, atMs: ms + latencyMs })),
      beepsMs: BEEPS.filter((_, i) => !deafTo.includes(i)).map((ms) => ms + latencyMs),
      outputLatencyMs: 10,
    },
    before: NO_QUEUE,
    after: { ...NO_QUEUE, heightPx, videoBytes: kbps * 1_250, totalSamples: 480_000, concealedSamples: 4_800 },
  });
}

function run(...viewers: readonly Measurement[]): Run {
  return { viewers, mended: [] };
}

const [p4, p5, p9] = profilesNamed(["P4", "P5", "P9"]);
if (p4 === undefined || p5 === undefined || p9 === undefined) throw new Error("A profile is missing.");
const UPLINK: Setting = { on: "uplink", hubCongestion: "cubic" };
const NOBODY = { ours: [], webrtc: [], janus: [] };

function verdict(what: string, result: ProfileResult, setting: Setting = UPLINK) {
  return verdictsOf(result, setting).find((one) => one.what.startsWith(what));
}

test("a measurement says how late, how even, how much and at what cost", () => {
  expect(viewer({ latencyMs: 100 })).toMatchObject({
    ...{
      seconds: 10,
      shown: 297,
      captured: 300,
      freezes: 0,
      beepsSaid: 10,
      beepsHeard: 10,
      concealed: 0.01,
      inStep: 1,
    },
    ...{ videoKbps: 800, wireKbps: 1_000, cpuPerSecond: 0.6, widthPx: 640, beepsMissedInARow: 0, outOfStepInARow: 0 },
  });
  expect(viewer({ latencyMs: 100 }).latencyMs.p95).toBeCloseTo(100);
  expect(viewer({ latencyMs: 100 }).mouthToEarMs.p50).toBeCloseTo(100);
  expect(viewer({ latencyMs: 100 }).skewMs).toBeCloseTo(-10);
});

test("a gap in the sound is known by the beeps that it swallowed, one after the other", () => {
  expect(viewer({ latencyMs: 100, deafTo: [1, 4, 5, 6, 9] })).toMatchObject({ beepsHeard: 5, beepsMissedInARow: 3 });
});

test("the middle of several runs decides, and of several viewers the middle of each run", () => {
  const runs = [100, 900, 120].map((latencyMs) => [viewer({ latencyMs })]);
  expect(middleOf(runs, ({ latencyMs }) => latencyMs.p50)).toBeCloseTo(120);
  const three = [[100, 110, 120].map((latencyMs) => viewer({ latencyMs }))];
  expect(middleOf(three, ({ latencyMs }) => latencyMs.p50)).toBeCloseTo(110);
});

test("aims are judged as ratios to WebRTC, and bits by who sends over the line", () => {
  const result = {
    profile: p4,
    ours: [run(viewer({ latencyMs: 240, kbps: 480 }))],
    webrtc: [run(viewer({ latencyMs: 190 }))],
    janus: [],
  };
  const on = (where: "uplink" | "downlink") => ({ on: where, hubCongestion: "bbr" }) as const;
  expect(verdict("latency p95", result, on("uplink"))).toMatchObject({ limit: 1.2, reached: false });
  expect(verdict("latency p95", result, on("uplink"))?.value).toBeCloseTo(240 / 190);
  expect(verdict("freezes", result, on("uplink"))).toMatchObject({ value: 0, limit: 0, reached: true });
  expect(verdict("bits", result, on("uplink"))).toMatchObject({ limit: 0.5, reached: true });
  expect(verdict("bits", result, on("downlink"))).toMatchObject({ limit: 0.8, reached: false });
});

test("of several viewers all are judged, or the one at the end of the line", () => {
  const ours = [run(viewer({ latencyMs: 400 }), viewer({ latencyMs: 100 }), viewer({ latencyMs: 110 }))];
  const webrtc = [run(viewer({ latencyMs: 200 }), viewer({ latencyMs: 200 }), viewer({ latencyMs: 200 }))];
  const result = { profile: p4, ours, webrtc, janus: [] };
  expect(verdict("latency p95", result)?.value).toBeCloseTo(0.55);
  expect(verdict("latency p95", result, { on: "downlink", hubCongestion: "cubic" })?.value).toBeCloseTo(2);
});

test("the picture is alive on P5 while it moves, can be recognized and fits the sound", () => {
  const alive = { profile: p5, ...NOBODY, ours: [run(viewer({ latencyMs: 500, deafTo: [3] }))] };
  const what = verdictsOf(alive, UPLINK).map(({ reached, what: name }) => `${name} ${reached}`);
  expect(what).toContain("frozen, part of the time ≤ true");
  expect(what).toContain("beeps missed in a row ≤ true");
  expect(what).toContain("sound in step, part of the time ≥ true");
  expect(what).toContain("PSNR, dB ≥ false"); // no picture was sampled: what was not measured is not reached
  const deaf = { profile: p5, ...NOBODY, ours: [run(viewer({ latencyMs: 1_000, deafTo: [3, 4] }))] };
  expect(verdict("beeps missed", deaf)).toMatchObject({ value: 2, limit: 1, reached: false });
  expect(verdict("latency p95, ms", deaf)).toMatchObject({ limit: 900, reached: false });
});

test("on P9 the queue, the freezes and the sound are judged", () => {
  const response = { queueP95Ms: 120, calmAfterS: 3.5, used: 0.7, usedAfterStepUp: 0.9 };
  const result = { profile: p9, ...NOBODY, ours: [run({ ...viewer({ latencyMs: 200 }), response })] };
  const missed = verdictsOf(result, UPLINK).filter(({ reached }) => !reached);
  expect(missed).toEqual([{ what: "queue below 150 ms after a step down, s ≤", value: 3.5, limit: 3, reached: false }]);
  expect(verdictsOf(result, UPLINK)).toHaveLength(7);
});

test("a weak viewer may change nothing for the others, who are compared with themselves beside a good one", () => {
  const [weak, good] = [viewer({ latencyMs: 900 }), viewer({ latencyMs: 100 })];
  const setting: Setting = { on: "downlink", hubCongestion: "cubic" };
  const others = (beside: Measurement) => ({
    profile: p4,
    ...NOBODY,
    ours: [{ viewers: [weak, beside, beside], mended: [good, good, good] }],
  });
  const reached = (result: ProfileResult) =>
    verdictsOf(result, setting)
      .filter(({ what }) => what.startsWith("the others"))
      .map((one) => one.reached);
  expect(reached(others(viewer({ latencyMs: 108 })))).toEqual([true, true, true]);
  expect(reached(others(viewer({ latencyMs: 120 })))).toEqual([true, true, false]);
  expect(reached(others(viewer({ latencyMs: 100, heightPx: 180 })))).toEqual([false, true, true]);
  expect(reached({ profile: p4, ...NOBODY, ours: [run(weak)] })).toEqual([]);
});

test("without a run of the others there is nothing to compare, and the table says so by leaving it out", () => {
  const result = { profile: p4, ...NOBODY, ours: [run(viewer({ latencyMs: 240 }))] };
  expect(verdictsOf(result, UPLINK).map(({ what }) => what)).toEqual(["concealed ≤"]);
  expect(verdictTable([result], UPLINK)).toContain("| P4 | concealed ≤ | 0.04 | 0.01 | reached |");
  const rows = resultTable([result], UPLINK).split("\n");
  expect(rows).toHaveLength(3);
  expect(rows[2]).toMatch(/^\| P4 \| mqtt-meet \| 240 \| 240 \| 0 \|/);
});

test("several viewers have a row each, their middle and, figure by figure, the worst of them", () => {
  const viewers = [
    viewer({ latencyMs: 300, kbps: 900 }),
    viewer({ latencyMs: 100, kbps: 500 }),
    viewer({ latencyMs: 200 }),
  ];
  const result = { profile: p4, ...NOBODY, ours: [run(...viewers)] };
  const rows = resultTable([result], UPLINK).split("\n").slice(2);
  expect(rows.map((row) => row.split(" | ").slice(1, 3))).toEqual([
    ["mqtt-meet, viewer 1", "300"],
    ["mqtt-meet, viewer 2", "100"],
    ["mqtt-meet, viewer 3", "200"],
    ["mqtt-meet, median", "200"],
    ["mqtt-meet, worst", "300"],
  ]);
  expect(rows.map((row) => row.split(" | ").at(-3))).toEqual(["900", "500", "800", "800", "500"]);
});

test("a viewer at the end of the line is no part of the others' middle", () => {
  const viewers = [900, 100, 120].map((latencyMs) => viewer({ latencyMs }));
  const mended = [90, 95, 97].map((latencyMs) => viewer({ latencyMs }));
  const rows = resultTable([{ profile: p4, ...NOBODY, ours: [{ viewers, mended }] }], { on: "downlink" });
  const cells = rows
    .split("\n")
    .slice(5)
    .map((row) => row.split(" | ").slice(1, 3));
  expect(cells).toEqual([
    ["mqtt-meet, the others, median", "110"],
    ["mqtt-meet, the others, worst", "120"],
    ["mqtt-meet, the others, median, line whole", "96"],
  ]);
});

test("every profile has a name of its own, and a wrong one is refused with all that there are", () => {
  expect(new Set(PROFILES.map(({ name }) => name)).size).toBe(PROFILES.length);
  expect(() => profilesNamed(["P7"])).toThrow(/"P7", only P0, P1/);
});

test("what the line says of itself is read", () => {
  const line = "near up: sent=10 bytes=1200 lost=1 overflowed=2; near down: sent=5 bytes=300 lost=3 overflowed=4\n";
  expect(parseTraffic(line)).toEqual({ upBytes: 1200, downBytes: 300, lost: 4, overflowed: 6 });
});
