import type { Program } from "./program.ts";

/** One line a second of `--json`. */
export interface StatisticsLine {
  readonly t: number;
  readonly from: string;
  readonly track: string;
  readonly fps: number;
  readonly kbps: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly dropped: number;
  readonly freezes: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  readonly end?: true;
}

/** The lines that `--json` has printed so far, without the last one of the totals. */
export function statisticsLines(program: Program): StatisticsLine[] {
  return allLines(program).filter((line) => !line.end);
}

/** The totals, which are the last line. */
export function totals(program: Program): StatisticsLine {
  const last = allLines(program).at(-1);
  if (!last?.end) throw new Error(`No totals at the end: ${program.said}`);
  return last;
}

function allLines(program: Program): StatisticsLine[] {
  const whole = program.stdout.slice(0, program.stdout.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as StatisticsLine);
}
