import { expect, test } from "vitest";
import { type Measurement, measurementOf } from "./measurement.ts";
import { PROFILES, profilesNamed } from "./profiles.ts";
import { resultTable, verdictTable } from "./result-table.ts";
import { parseTraffic } from "./traffic.ts";
import { middleOf, verdictsOf } from "./verdicts.ts";

const CAPTURED = Array.from({ length: 300 }, (_, i) => 1_000 + (i * 100) / 3);
const COUNTS = { videoBytes: 0, totalSamples: 0, concealedSamples: 0, widthPx: 640, heightPx: 360, about: "" };

/** Ten seconds in which every picture took `latencyMs` and every beep as long. */
function run({ latencyMs, kbps = 800 }: { latencyMs: number; kbps?: number }): Measurement {
  const beepsMs = Array.from({ length: 10 }, (_, i) => 1_010 + i * 1_000);
  return measurementOf({
    ...{ fromMs: 1_000, toMs: 11_000, firstPictureMs: 200, wireBytes: 1_250_000, cpuSeconds: 6, pictures: [] },
    sender: { capturedMs: CAPTURED, beepsMs, about: "" },
    viewer: {
      shown: CAPTURED.map((ms, number) => ({ number, atMs: ms + latencyMs })),
      beepsMs: beepsMs.map((ms) => ms + latencyMs),
      outputLatencyMs: 10,
    },
    before: COUNTS,
    after: { ...COUNTS, videoBytes: kbps * 1_250, totalSamples: 480_000, concealedSamples: 4_800 },
  });
}

const [p4] = profilesNamed(["P4"]);
if (p4 === undefined) throw new Error("There is no P4.");

test("a measurement says how late, how even, how much and at what cost", () => {
  expect(run({ latencyMs: 100 })).toMatchObject({
    ...{ shown: 297, captured: 300, freezes: 0, beepsSaid: 10, beepsHeard: 10, concealed: 0.01, inStep: 1 },
    ...{ videoKbps: 800, wireKbps: 1_000, cpuPerSecond: 0.6, widthPx: 640 },
  });
  expect(run({ latencyMs: 100 }).latencyMs.p95).toBeCloseTo(100);
  expect(run({ latencyMs: 100 }).mouthToEarMs.p50).toBeCloseTo(100);
  expect(run({ latencyMs: 100 }).skewMs).toBeCloseTo(-10);
});

test("the middle of several runs decides", () => {
  const runs = [100, 900, 120].map((latencyMs) => run({ latencyMs }));
  expect(middleOf(runs, ({ latencyMs }) => latencyMs.p50)).toBeCloseTo(120);
});

test("aims are judged as ratios to WebRTC, and bits by who sends over the line", () => {
  const result = {
    profile: p4,
    ours: [run({ latencyMs: 240, kbps: 480 })],
    webrtc: [run({ latencyMs: 190 })],
    janus: [],
  };
  const verdict = (what: string, on: "uplink" | "downlink") =>
    verdictsOf(result, { on, hubCongestion: "bbr" }).find((one) => one.what.startsWith(what));
  expect(verdict("latency p95", "uplink")).toMatchObject({ limit: 1.2, reached: false });
  expect(verdict("latency p95", "uplink")?.value).toBeCloseTo(240 / 190);
  expect(verdict("freezes", "uplink")).toMatchObject({ value: 0, limit: 0, reached: true });
  expect(verdict("bits", "uplink")).toMatchObject({ limit: 0.5, reached: true });
  expect(verdict("bits", "downlink")).toMatchObject({ limit: 0.8, reached: false });
});

test("without a run of the others there is nothing to compare, and the table says so by leaving it out", () => {
  const result = { profile: p4, ours: [run({ latencyMs: 240 })], webrtc: [], janus: [] };
  const setting = { on: "uplink", hubCongestion: "cubic" } as const;
  expect(verdictsOf(result, setting).map(({ what }) => what)).toEqual(["concealed ≤"]);
  expect(verdictTable([result], setting)).toContain("| P4 | concealed ≤ | 0.04 | 0.01 | reached |");
  const rows = resultTable([result]).split("\n");
  expect(rows).toHaveLength(3);
  expect(rows[2]).toMatch(/^\| P4 \| mqtt-meet \| 240 \| 240 \| 0 \|/);
});

test("every profile has a name of its own, and a wrong one is refused with all that there are", () => {
  expect(new Set(PROFILES.map(({ name }) => name)).size).toBe(PROFILES.length);
  expect(() => profilesNamed(["P7"])).toThrow(/"P7", only P0, P1/);
});

test("what the line says of itself is read", () => {
  const line = "near up: sent=10 bytes=1200 lost=1 overflowed=2; near down: sent=5 bytes=300 lost=3 overflowed=4\n";
  expect(parseTraffic(line)).toEqual({ upBytes: 1200, downBytes: 300, lost: 4, overflowed: 6 });
});
