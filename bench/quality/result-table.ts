import type { Measurement } from "./measurement.ts";
import type { ContenderName } from "./page/contender.ts";
import { middleOf, type ProfileResult, type Setting, verdictsOf } from "./verdicts.ts";

/** What stands in documents and on the terminal for each contender. */
export const TITLES: Readonly<Record<ContenderName, string>> = { ours: "mqtt-meet", webrtc: "WebRTC", janus: "Janus" };

interface Column {
  readonly title: string;
  readonly of: (run: Measurement) => number;
  readonly digits?: number;
}

const COLUMNS: readonly Column[] = [
  { title: "latency p50", of: ({ latencyMs }) => latencyMs.p50 },
  { title: "p95 ms", of: ({ latencyMs }) => latencyMs.p95 },
  { title: "freezes", of: ({ freezes }) => freezes },
  { title: "frozen ms", of: ({ frozenMs }) => frozenMs },
  { title: "shown %", of: ({ shown, captured }) => (100 * shown) / captured },
  { title: "ear p50", of: ({ mouthToEarMs }) => mouthToEarMs.p50 },
  { title: "p95 ms", of: ({ mouthToEarMs }) => mouthToEarMs.p95 },
  { title: "concealed %", of: ({ concealed }) => 100 * concealed, digits: 1 },
  { title: "sound early ms", of: ({ skewMs }) => skewMs },
  { title: "SSIM", of: ({ ssim }) => ssim, digits: 3 },
  { title: "PSNR dB", of: ({ psnrDb }) => psnrDb, digits: 1 },
  { title: "lines", of: ({ heightPx }) => heightPx },
  { title: "kbit/s", of: ({ videoKbps }) => videoKbps },
  { title: "first ms", of: ({ firstPictureMs }) => firstPictureMs },
  { title: "processors", of: ({ cpuPerSecond }) => cpuPerSecond, digits: 2 },
];

/** A Markdown table of the middles of all runs, a row for each contender on each network. */
export function resultTable(results: readonly ProfileResult[]): string {
  const rows = results.flatMap((result) =>
    (["ours", "webrtc", "janus"] as const).flatMap((name) => {
      const runs = result[name];
      if (runs.length === 0) return [];
      const cells = COLUMNS.map(({ of, digits = 0 }) => number(middleOf(runs, of), digits));
      return [[result.profile.name, TITLES[name], ...cells]];
    }),
  );
  return table(["", "", ...COLUMNS.map(({ title }) => title)], rows);
}

/** A Markdown table of all aims, and whether they are reached. */
export function verdictTable(results: readonly ProfileResult[], setting: Setting): string {
  const rows = results.flatMap((result) =>
    verdictsOf(result, setting).map(({ what, value, limit, reached }) => [
      result.profile.name,
      what,
      number(limit, 2),
      number(value, 2),
      reached ? "reached" : "not reached",
    ]),
  );
  return table(["", "aim", "limit", "measured", ""], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = `|${head.map((_, i) => (i < 2 ? "---" : "---:")).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}
