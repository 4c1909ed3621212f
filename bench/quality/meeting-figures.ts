import { median, sum } from "../support/statistics.ts";
import { figureText, markdownTable } from "./markdown-table.ts";
import type { MeetingLook } from "./page/meeting-part.ts";
import type { Verdict } from "./verdicts.ts";

/** A meeting at one moment; what is counted is counted since its beginning. */
export interface MeetingMoment {
  readonly atMs: number;
  readonly looks: readonly MeetingLook[];
  /** Of all processes: the browser's and what stands between the people. */
  readonly cpuSeconds: number;
  readonly serverCpuSeconds: number;
}

/** What a meeting came to between two moments. */
export interface MeetingFigures {
  /** Of what all cameras captured and all others were to see, 0 to 1. */
  readonly shownPart: number;
  /** On all tiles of all people. */
  readonly shownPerS: number;
  /** Of the tile that shows fewest. */
  readonly leastTilePerS: number;
  /** The middle and the least of what tiles show. */
  readonly heightPx: number;
  readonly leastHeightPx: number;
  /** Payload of one camera's pictures as one of the others gets it. */
  readonly videoKbps: number;
  /** Voices that are played, of all people together, on average. */
  readonly voices: number;
  readonly processors: number;
  readonly serverProcessors: number;
  readonly cpuMsPerPicture: number;
  /** What the machine's host gave it of its processors. */
  readonly machineShare: number;
}

/** Of all sound here. */
const SAMPLE_RATE = 48_000;

/** Makes figures of two moments. */
export function meetingFiguresOf({
  before,
  after,
  machineShare,
}: {
  readonly before: MeetingMoment;
  readonly after: MeetingMoment;
  readonly machineShare: number;
}): MeetingFigures {
  const seconds = (after.atMs - before.atMs) / 1000;
  const others = after.looks.length - 1;
  const grown = (of: (look: MeetingLook) => number) => sum(after.looks.map(of)) - sum(before.looks.map(of));
  const tilesShown = after.looks.flatMap(({ tiles }, i) =>
    tiles.map(({ shown }, tile) => shown - (before.looks[i]?.tiles[tile]?.shown ?? 0)),
  );
  const heights = after.looks.flatMap(({ tiles }) => tiles.map(({ heightPx }) => heightPx));
  const shown = sum(tilesShown);
  const used = after.cpuSeconds - before.cpuSeconds;
  return {
    shownPart: shown / (grown(({ captured }) => captured) * others),
    shownPerS: shown / seconds,
    leastTilePerS: Math.min(...tilesShown) / seconds,
    heightPx: median(heights),
    leastHeightPx: Math.min(...heights),
    videoKbps: (grown(({ videoBytes }) => videoBytes) * 8) / 1000 / seconds / (after.looks.length * others),
    voices: grown(({ totalSamples }) => totalSamples) / SAMPLE_RATE / seconds,
    processors: used / seconds,
    serverProcessors: (after.serverCpuSeconds - before.serverCpuSeconds) / seconds,
    cpuMsPerPicture: (used * 1000) / shown,
    machineShare,
  };
}

/** The runs of both contenders. */
export interface MeetingResult {
  readonly ours: readonly MeetingFigures[];
  readonly janus: readonly MeetingFigures[];
}

const COLUMNS: readonly { title: string; of: (run: MeetingFigures) => number; digits?: number }[] = [
  { title: "shown %", of: ({ shownPart }) => 100 * shownPart },
  { title: "pictures/s", of: ({ shownPerS }) => shownPerS },
  { title: "of the worst tile", of: ({ leastTilePerS }) => leastTilePerS, digits: 1 },
  { title: "lines", of: ({ heightPx }) => heightPx },
  { title: "least", of: ({ leastHeightPx }) => leastHeightPx },
  { title: "kbit/s a picture", of: ({ videoKbps }) => videoKbps },
  { title: "voices", of: ({ voices }) => voices, digits: 1 },
  { title: "processors", of: ({ processors }) => processors, digits: 2 },
  { title: "of it the server", of: ({ serverProcessors }) => serverProcessors, digits: 2 },
  { title: "CPU ms a displayed picture", of: ({ cpuMsPerPicture }) => cpuMsPerPicture, digits: 2 },
];

/** Medians of all runs. */
export function meetingTable({ ours, janus }: MeetingResult): string {
  const row = (title: string, runs: readonly MeetingFigures[]) =>
    runs.length === 0
      ? []
      : [
          [
            title,
            `${runs.length} run(s)`,
            ...COLUMNS.map(({ of, digits = 0 }) => figureText(median(runs.map(of)), digits)),
          ],
        ];
  const head = ["", "", ...COLUMNS.map(({ title }) => title)];
  return markdownTable(head, [...row("mqtt-meet", ours), ...row("Janus", janus)]);
}

/** Costs are compared only where both show about as many pictures, and as large ones. */
const COMPARABLE_SHOWN = 0.9;

/** Whether the meeting cost no more than the same one through Janus; empty without both. */
export function meetingVerdicts({ ours, janus }: MeetingResult): readonly Verdict[] {
  if (ours.length === 0 || janus.length === 0) return [];
  const ratio = (of: (run: MeetingFigures) => number) => median(ours.map(of)) / median(janus.map(of));
  const verdict = (what: string, value: number, holds: (value: number) => boolean, limit: number) => ({
    ...{ what, value, limit },
    reached: holds(value),
  });
  return [
    verdict(
      "CPU a displayed picture, ratio ≤",
      ratio((run) => run.cpuMsPerPicture),
      (value) => value <= 1,
      1,
    ),
    verdict(
      "pictures shown, ratio ≥",
      ratio((run) => run.shownPart),
      (value) => value >= COMPARABLE_SHOWN,
      COMPARABLE_SHOWN,
    ),
    verdict(
      "lines, ratio ≥",
      ratio((run) => run.heightPx),
      (value) => value >= 1,
      1,
    ),
  ];
}
