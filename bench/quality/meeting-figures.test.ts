import { expect, test } from "vitest";
import { type MeetingMoment, meetingFiguresOf, meetingTable, meetingVerdicts } from "./meeting-figures.ts";

/** Three people who have sent `captured` pictures each and seen `shown` of each other one. */
function moment(of: { atMs: number; captured: number; shown: number; cpuSeconds: number }): MeetingMoment {
  const tile = { shown: of.shown, heightPx: 180 };
  const look = { captured: of.captured, tiles: [tile, tile], videoBytes: of.shown * 2_500, totalSamples: 96 * of.atMs };
  return { atMs: of.atMs, looks: [look, look, look], cpuSeconds: of.cpuSeconds, serverCpuSeconds: of.cpuSeconds / 10 };
}

const BEFORE = moment({ atMs: 5_000, captured: 75, shown: 70, cpuSeconds: 20 });

function figures({ shown = 220, cpuSeconds = 29 }) {
  const after = moment({ atMs: 15_000, captured: 225, shown, cpuSeconds });
  return meetingFiguresOf({ before: BEFORE, after, machineShare: 1 });
}

test("what a meeting costs is counted between two moments, of all processes and for all tiles", () => {
  expect(figures({})).toEqual({
    ...{ shownPart: 1, shownPerS: 90, leastTilePerS: 15, heightPx: 180, leastHeightPx: 180, voices: 6 },
    ...{
      videoKbps: 150,
      processors: 0.9,
      serverProcessors: expect.closeTo(0.09),
      cpuMsPerPicture: 10,
      machineShare: 1,
    },
  });
});

test("costs are set beside Janus's, and so is whether both showed the same", () => {
  const [ours, janus] = [[figures({})], [figures({ cpuSeconds: 32 })]];
  const reached = (result: Parameters<typeof meetingVerdicts>[0]) => meetingVerdicts(result).map((one) => one.reached);
  expect(reached({ ours, janus })).toEqual([true, true, true]);
  expect(meetingVerdicts({ ours, janus })[0]?.value).toBeCloseTo(0.75);
  expect(reached({ ours: janus, janus: ours })).toEqual([false, true, true]);
  expect(reached({ ours: [figures({ shown: 145, cpuSeconds: 22 })], janus })).toEqual([true, false, true]);
  expect(reached({ ours, janus: [] })).toEqual([]);
});

test("the table has a row for whoever was measured", () => {
  const rows = meetingTable({ ours: [figures({}), figures({})], janus: [] }).split("\n");
  expect(rows).toHaveLength(3);
  expect(rows[2]).toBe("| mqtt-meet | 2 run(s) | 100 | 90 | 15.0 | 180 | 180 | 150 | 6.0 | 0.90 | 0.09 | 10.00 |");
});
