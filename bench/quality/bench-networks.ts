import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLIP_FPS } from "../../test/support/clips.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { type BenchResult, inTurn, sayFailure, shareText } from "./bench-result.ts";
import { latencyPlot } from "./latency-plot.ts";
import type { ContenderName } from "./page/contender.ts";
import { prepareFiles } from "./prepare-files.ts";
import type { Profile } from "./profiles.ts";
import { resultTable, TITLES, verdictTable } from "./result-table.ts";
import { type Cell, type CellResult, runCell } from "./run-cell.ts";
import type { ProfileResult } from "./verdicts.ts";

/** What is measured: every contender on every network, so many times. */
export interface NetworksOptions
  extends Pick<
    Cell,
    "viewers" | "seconds" | "lobby" | "settleSeconds" | "codec" | "bitrateBps" | "on" | "hubCongestion"
  > {
  readonly contenders: readonly ContenderName[];
  readonly profiles: readonly Profile[];
  readonly runs: number;
  /** Plots are kept with the documents. */
  readonly document: boolean;
}

interface Outcome extends CellResult {
  readonly profile: string;
  readonly contender: ContenderName;
  readonly run: number;
}

interface Failure extends Pick<Outcome, "profile" | "contender" | "run"> {
  readonly error: string;
}

const SIZE = { widthPx: 640, heightPx: 360 };
const COLOURS: Readonly<Record<ContenderName, string>> = { ours: "#0a7d3c", webrtc: "#c2410c", janus: "#6d28d9" };

/** One sender and some viewers, on each network with each contender. */
export async function benchNetworks(options: NetworksOptions): Promise<BenchResult> {
  const { profiles, contenders, runs } = options;
  const files = await prepareFiles({ ...SIZE, fps: CLIP_FPS });
  const outcomes: Outcome[] = [];
  const failures: Failure[] = [];
  for (const profile of profiles) {
    const seconds = Math.max(options.seconds, profile.leastSeconds ?? 0);
    for (let run = 0; run < runs; run++) {
      for (const contender of inTurn(contenders, run)) {
        const title = `${profile.name} (${profile.title}), run ${run + 1}, ${TITLES[contender]}`;
        const which = { profile: profile.name, contender, run };
        try {
          const result = await runCell({ ...files, ...options, profile, contender, seconds, seed: run + 1 });
          outcomes.push({ ...result, ...which });
          console.error(`${title}: ${inShort(result)}`);
        } catch (error) {
          failures.push({ ...which, error: sayFailure(title, error) });
        }
      }
    }
  }
  const results = profiles.map((profile): ProfileResult => {
    const of = (name: ContenderName) =>
      outcomes.filter(({ profile: on, contender }) => on === profile.name && contender === name);
    return { profile, ours: of("ours"), webrtc: of("webrtc"), janus: of("janus") };
  });
  writePlots(results, options);
  const { on, hubCongestion } = options;
  return {
    measured: outcomes.length > 0,
    kept: { setting: { on, hubCongestion }, outcomes, failures },
    tables: `${resultTable(results, options)}\n\n${verdictTable(results, options)}`,
    about: describe(options, { outcomes, failures }),
  };
}

function inShort({ viewers, machineShare }: CellResult): string {
  const whole = (value: number) => value.toFixed(0);
  const texts = viewers.map(
    (of) =>
      `p50 ${whole(of.latencyMs.p50)} ms, p95 ${whole(of.latencyMs.p95)} ms, ${of.freezes} freezes, ear ${whole(of.mouthToEarMs.p95)} ms, ` +
      `SSIM ${of.ssim.toFixed(3)}, ${whole(of.videoKbps)} kbit/s`,
  );
  const processors = `${viewers[0]?.cpuPerSecond.toFixed(2)} processors`;
  const given = machineShare < 0.95 ? `, of which the host gave ${whole(machineShare * 100)} %` : "";
  return `${texts.join("; ")}; ${processors}${given}`;
}

/** The course of the first viewer's latency in the last run. */
function writePlots(results: readonly ProfileResult[], { contenders, on, viewers, document }: NetworksOptions): void {
  const folder = join(projectRoot, ...(document ? ["docs", "pictures"] : ["bench", "results"]));
  mkdirSync(folder, { recursive: true });
  for (const { profile, ...runs } of results) {
    const courses = contenders.map((name) => ({
      title: TITLES[name],
      colour: COLOURS[name],
      points: runs[name].at(-1)?.viewers[0]?.course ?? [],
    }));
    const several = viewers > 1 ? `-${viewers}-viewers` : "";
    const title = `${profile.name}: ${profile.title} (${on}); from capture to display`;
    const path = join(folder, `quality-${profile.name.toLowerCase()}-${on}${several}.svg`);
    writeFileSync(path, latencyPlot({ title, courses }));
  }
}

/** How the tables came to be. */
function describe(
  { runs, seconds, viewers, lobby, on, hubCongestion, bitrateBps, codec, profiles }: NetworksOptions,
  { outcomes, failures }: { outcomes: readonly Outcome[]; failures: readonly Failure[] },
): string {
  const longer = profiles.filter(({ leastSeconds = 0 }) => leastSeconds > seconds);
  const lengths = [`${seconds} s`, ...longer.map(({ name, leastSeconds }) => `${name} ${leastSeconds} s`)].join(", ");
  const left = failures.map(({ profile, contender }) => `${TITLES[contender]} on ${profile}`).join(", ");
  const shares = outcomes.map(({ machineShare }) => machineShare);
  return [
    `${runs} run(s) of ${lengths} for each cell, ${viewers} viewer(s)${lobby ? "" : " without a lobby"}, the line on the ${on}, the hub with ${hubCongestion},`,
    `at most ${bitrateBps / 1000} kbit/s of ${codec}; ${shareText(shares)}`,
    ...(left ? [`Failed and left out: ${left}.`] : []),
  ].join("\n");
}
