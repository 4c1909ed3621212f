import { figureText, markdownTable } from "./markdown-table.ts";
import type { Measurement } from "./measurement.ts";
import type { ContenderName } from "./page/contender.ts";
import { type Figure, middleOf, type ProfileResult, type Run, type Setting, verdictsOf } from "./verdicts.ts";

/** What stands in documents and on the terminal for each contender. */
export const TITLES: Readonly<Record<ContenderName, string>> = { ours: "mqtt-meet", webrtc: "WebRTC", janus: "Janus" };

interface Column {
  readonly title: string;
  readonly of: Figure;
  readonly digits?: number;
  /** Which of several viewers has the worst of it; "more" when left out. */
  readonly worse?: "less" | "further from 0";
}

const COLUMNS: readonly Column[] = [
  { title: "latency p50", of: ({ latencyMs }) => latencyMs.p50 },
  { title: "p95 ms", of: ({ latencyMs }) => latencyMs.p95 },
  { title: "freezes", of: ({ freezes }) => freezes },
  { title: "frozen ms", of: ({ frozenMs }) => frozenMs },
  { title: "shown %", of: ({ shown, captured }) => (100 * shown) / captured, worse: "less" },
  { title: "ear p50", of: ({ mouthToEarMs }) => mouthToEarMs.p50 },
  { title: "p95 ms", of: ({ mouthToEarMs }) => mouthToEarMs.p95 },
  { title: "concealed %", of: ({ concealed }) => 100 * concealed, digits: 1 },
  { title: "sound early ms", of: ({ skewMs }) => skewMs, worse: "further from 0" },
  { title: "SSIM", of: ({ ssim }) => ssim, digits: 3, worse: "less" },
  { title: "PSNR dB", of: ({ psnrDb }) => psnrDb, digits: 1, worse: "less" },
  { title: "lines", of: ({ heightPx }) => heightPx, worse: "less" },
  { title: "kbit/s", of: ({ videoKbps }) => videoKbps, worse: "less" },
  { title: "first ms", of: ({ firstPictureMs }) => firstPictureMs },
  { title: "processors", of: ({ cpuPerSecond }) => cpuPerSecond, digits: 2 },
];

/**
 * A Markdown table of the middles of all runs: a row for each contender on each network, and of several viewers one for each, their
 * middle and the worst of them.
 */
export function resultTable(results: readonly ProfileResult[], { on }: Pick<Setting, "on">): string {
  const rows = results.flatMap(({ profile, ...runs }) =>
    (["ours", "webrtc", "janus"] as const).flatMap((name) =>
      rowsOf(runs[name], on).map(([title, cells]) => [profile.name, `${TITLES[name]}${title}`, ...cells]),
    ),
  );
  return markdownTable(["", "", ...COLUMNS.map(({ title }) => title)], rows);
}

type Row = readonly [title: string, cells: readonly string[]];

function rowsOf(runs: readonly Run[], on: Setting["on"]): Row[] {
  const count = Math.max(0, ...runs.map(({ viewers }) => viewers.length));
  if (count === 0) return [];
  if (count === 1) return [["", cells(runs, ({ viewers }) => viewers)]];
  const each = Array.from({ length: count }, (_, i): Row => {
    const title = on === "downlink" && i === 0 ? ", viewer 1, at the end of the line" : `, viewer ${i + 1}`;
    return [title, cells(runs, ({ viewers }) => viewers.slice(i, i + 1))];
  });
  // What is at the end of a bad line of its own says nothing of the others.
  const [who, from] = on === "downlink" ? ["the others, ", 1] : ["", 0];
  const mended = runs.filter((run) => run.mended.length > 1);
  return [
    ...each,
    [`, ${who}median`, cells(runs, ({ viewers }) => viewers.slice(from))],
    [`, ${who}worst`, cells(runs, ({ viewers }) => viewers.slice(from), worstOf)],
    ...(mended.length > 0
      ? ([[", the others, median, line whole", cells(mended, (run) => run.mended.slice(from))]] as const)
      : []),
  ];
}

/** Of several viewers the middle, unless another choice is given. */
function cells(
  runs: readonly Run[],
  viewersOf: (run: Run) => readonly Measurement[],
  choose?: (viewers: readonly Measurement[], column: Column) => readonly Measurement[],
): string[] {
  return COLUMNS.map((column) => {
    const chosen = runs.map((run) => (choose ? choose(viewersOf(run), column) : viewersOf(run)));
    return figureText(middleOf(chosen, column.of), column.digits ?? 0);
  });
}

function worstOf(viewers: readonly Measurement[], { of, worse }: Column): readonly Measurement[] {
  const badness = (viewer: Measurement) => {
    if (worse === "less") return -of(viewer);
    return worse === undefined ? of(viewer) : Math.abs(of(viewer));
  };
  return viewers
    .filter((viewer) => !Number.isNaN(of(viewer)))
    .toSorted((a, b) => badness(b) - badness(a))
    .slice(0, 1);
}

/** A Markdown table of all aims, and whether they are reached. */
export function verdictTable(results: readonly ProfileResult[], setting: Setting): string {
  const rows = results.flatMap((result) =>
    verdictsOf(result, setting).map(({ what, value, limit, reached }) => [
      result.profile.name,
      what,
      figureText(limit, 2),
      figureText(value, 2),
      reached ? "reached" : "not reached",
    ]),
  );
  return markdownTable(["", "aim", "limit", "measured", ""], rows);
}
