// npm run bench quality: how watchable a meeting is on bad networks, beside a WebRTC peer connection and, where it is asked for, Janus.
//   --profile P0,P1,P2,P4   --against webrtc,janus   --runs 1   --seconds 25   --on uplink|downlink   --hub-congestion cubic|bbr
// One sender and one viewer in browsers of their own, in network namespaces with an emulated line between them; the same clip,
// codec and limits for all, one contender after the other on a fresh line of the same kind: two processors cannot carry two at once.
// Needs root on Linux with TUN, ffmpeg and Chromium.

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CLIP_FPS, fakeDevices, ffmpeg, made, REAL_CLIP } from "../../test/support/clips.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { buildPage } from "../support/serve-page.ts";
import { writeResult } from "../support/write-result.ts";
import { withSection } from "./document-section.ts";
import { missingJanus } from "./janus.ts";
import { missingForLab } from "./lab.ts";
import { latencyPlot } from "./latency-plot.ts";
import type { Measurement } from "./measurement.ts";
import type { ContenderName } from "./page/contender.ts";
import { type Profile, profilesNamed } from "./profiles.ts";
import type { RawClip } from "./reference-pictures.ts";
import { resultTable, TITLES, verdictTable } from "./result-table.ts";
import { type Cell, type CellResult, runCell } from "./run-cell.ts";
import type { ProfileResult } from "./verdicts.ts";

const SIZE = { widthPx: 640, heightPx: 360 };
const CLIP_FRAMES = 240;
/** As of a camera in a room, so that the bits that a line carries make a difference: without, 160 kbit/s are enough for all of it. */
const NOISE = 8;
const BEEP_HZ = 5000;
const COLOURS: Readonly<Record<ContenderName, string>> = { ours: "#0a7d3c", webrtc: "#c2410c", janus: "#6d28d9" };

const { values } = parseArgs({
  options: {
    profile: { type: "string", default: "P0,P1,P2,P4" },
    against: { type: "string", default: "webrtc" },
    runs: { type: "string", default: "1" },
    seconds: { type: "string", default: "25" },
    // Until a line that loses packets is known as one.
    settle: { type: "string", default: "15" },
    on: { type: "string", default: "uplink" },
    "hub-congestion": { type: "string", default: "cubic" },
    codec: { type: "string", default: "h264" },
    bitrate: { type: "string", default: "1000" },
    // The figures as JSON on the terminal, instead of tables.
    json: { type: "boolean", default: false },
    // Puts the tables into docs/performance.md, and plots of the latency into docs/pictures.
    document: { type: "boolean", default: false },
    // To look for faults: "none" for ours alone.
    only: { type: "string" },
  },
});

const names: readonly ContenderName[] = ["ours", "webrtc", "janus"];
const against = values.against.split(",").filter(Boolean);
const contenders = names.filter((name) =>
  values.only ? name === values.only : name === "ours" || against.includes(name),
);
const profiles = profilesNamed(values.profile.split(","));
const setting = {
  on: oneOf(values.on, ["uplink", "downlink"]),
  hubCongestion: oneOf(values["hub-congestion"], ["cubic", "bbr"]),
};
const missing = missingForLab() ?? (contenders.includes("janus") ? missingJanus() : undefined);
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}

interface Outcome extends CellResult {
  readonly profile: string;
  readonly contender: ContenderName;
  readonly run: number;
}

const given = await prepare();
const outcomes: Outcome[] = [];
const failures: { profile: string; contender: ContenderName; run: number; error: string }[] = [];
for (const profile of profiles) {
  for (let run = 0; run < Number(values.runs); run++) {
    for (const contender of run % 2 === 0 ? contenders : contenders.toReversed())
      await attempt(profile, contender, run);
  }
}
conclude();

/** One cell; what fails is said, and the others go on. */
async function attempt(profile: Profile, contender: ContenderName, run: number): Promise<void> {
  const title = `${profile.name} (${profile.title}), run ${run + 1}, ${TITLES[contender]}`;
  try {
    const result = await runCell({ ...given, ...setting, profile, contender, seed: run + 1 });
    outcomes.push({ ...result, profile: profile.name, contender, run });
    console.error(`${title}: ${inShort(result)}`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    failures.push({ profile: profile.name, contender, run, error: text });
    console.error(`${title}: failed and left out. ${text.split("\n")[0]}`);
  }
}

function inShort({ measurement: of, machineShare }: CellResult): string {
  const whole = (value: number) => value.toFixed(0);
  return (
    `p50 ${whole(of.latencyMs.p50)} ms, p95 ${whole(of.latencyMs.p95)} ms, ${of.freezes} freezes, ear ${whole(of.mouthToEarMs.p95)} ms, ` +
    `SSIM ${of.ssim.toFixed(3)}, ${whole(of.videoKbps)} kbit/s, ${of.cpuPerSecond.toFixed(2)} processors` +
    (machineShare < 0.95 ? `, of which the host gave ${whole(machineShare * 100)} %` : "")
  );
}

async function prepare(): Promise<Omit<Cell, "profile" | "contender" | "seed" | "on" | "hubCongestion">> {
  const filter = `scale=${SIZE.widthPx}:${SIZE.heightPx},noise=alls=${NOISE}:allf=t`;
  const path = await made(`pictures-${CLIP_FRAMES}-${SIZE.heightPx}-noise-${NOISE}.yuv`, (file) =>
    ffmpeg([
      "-i",
      REAL_CLIP,
      "-frames:v",
      String(CLIP_FRAMES),
      "-vf",
      filter,
      "-f",
      "rawvideo",
      "-pix_fmt",
      "yuv420p",
      file,
    ]),
  );
  const frames = Math.floor(statSync(path).size / ((SIZE.widthPx * SIZE.heightPx * 3) / 2));
  const clip: RawClip = { path, frames, ...SIZE };
  const { microphone } = await fakeDevices({ ...SIZE, seconds: 30, beepHz: BEEP_HZ });
  const output = join(projectRoot, "node_modules", ".cache", "mqtt-meet", "quality-page");
  await buildPage({ folder: join(import.meta.dirname, "page"), output });
  return {
    ...{ clip, output, sound: microphone, beepHz: BEEP_HZ, fps: CLIP_FPS },
    codec: oneOf(values.codec, ["h264", "vp8"]),
    bitrateBps: Number(values.bitrate) * 1000,
    seconds: Number(values.seconds),
    settleSeconds: Number(values.settle),
  };
}

/** Prints the tables and keeps everything. */
function conclude(): void {
  const results = profiles.map((profile): ProfileResult => {
    const of = (name: ContenderName): Measurement[] =>
      outcomes
        .filter(({ profile: on, contender }) => on === profile.name && contender === name)
        .map((o) => o.measurement);
    return { profile, ours: of("ours"), webrtc: of("webrtc"), janus: of("janus") };
  });
  const tables = `${resultTable(results)}\n\n${verdictTable(results, setting)}`;
  if (values.json) console.log(JSON.stringify({ setting, outcomes, failures }));
  else console.log(`\n${tables}\n`);
  const folder = join(projectRoot, ...(values.document ? ["docs", "pictures"] : ["bench", "results"]));
  mkdirSync(folder, { recursive: true });
  for (const { profile, ...runs } of results) {
    const courses = contenders.map((name) => ({
      title: TITLES[name],
      colour: COLOURS[name],
      points: runs[name].at(-1)?.course ?? [],
    }));
    const title = `${profile.name}: ${profile.title} (${setting.on}); from capture to display`;
    const path = join(folder, `quality-${profile.name.toLowerCase()}-${setting.on}.svg`);
    writeFileSync(path, latencyPlot({ title, courses }));
  }
  if (values.document && outcomes.length > 0) {
    const path = join(projectRoot, "docs", "performance.md");
    writeFileSync(
      path,
      withSection(readFileSync(path, "utf8"), { name: "quality", text: `${describe()}\n\n${tables}` }),
    );
  }
  writeResult("quality", { options: values, outcomes, failures });
  if (outcomes.length === 0) process.exitCode = 1;
}

/** How the tables came to be. */
function describe(): string {
  const share = Math.min(...outcomes.map(({ machineShare }) => machineShare));
  const command = `npm run bench quality -- ${process.argv.slice(2).join(" ")}`;
  const missing = failures.map(({ profile, contender }) => `${TITLES[contender]} on ${profile}`).join(", ");
  return [
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}: ${values.runs} run(s) of ${values.seconds} s for each cell, the line on the ${setting.on}, the hub with ${setting.hubCongestion},`,
    `at most ${values.bitrate} kbit/s of ${values.codec}; the machine's host gave at least ${(share * 100).toFixed(0)} % of its processors.`,
    ...(missing ? [`Failed and left out: ${missing}.`] : []),
  ].join("\n");
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new Error(`"${value}" is none of ${allowed.join(", ")}.`);
  return found;
}
