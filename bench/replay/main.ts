// npm run bench replay FILE...: feeds traces of `mqtt-meet watch --trace` to the classes that receive, and prints what they make of them.
// npm run bench replay -- --record FOLDER: records the traces of bench/replay/traces anew. Needs root and TUN (Linux).
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "../support/statistics.ts";
import { freezesWith } from "./least-freezes.ts";
import { readTrace } from "./read-trace.ts";
import { LINES, recordTrace } from "./record-trace.ts";
import { type Replayed, type ReplayedSecond, replayTrace } from "./replay-trace.ts";

/** The most that pictures are ever held back for late ones (PICTURE_DELAY). */
const MOST_PATIENT_MS = 400;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { record: { type: "string" } } });

if (values.record !== undefined) await record(values.record, positionals);
else if (positionals.length === 0) console.log("npm run bench replay FILE...");
else await replay(positionals);

async function record(folder: string, names: readonly string[]): Promise<void> {
  for (const [name, line] of LINES) {
    if (names.length > 0 && !names.includes(name)) continue;
    const file = join(folder, `${name}.jsonl`);
    await recordTrace(line, file);
    console.log(file);
  }
}

async function replay(files: readonly string[]): Promise<void> {
  console.log(
    "| trace | pictures | freezes | waiting 400 ms | shown as it comes | picture p50 / p95 ms | sound p50 / p95 ms | concealed |",
  );
  console.log("|---|---:|---:|---:|---:|---:|---:|---:|");
  const all = [];
  for (const file of files) {
    const replayed = await replayTrace(readTrace(readFileSync(file, "utf8")));
    all.push([file, replayed] as const);
    console.log(row(basename(file), replayed));
  }
  const [only] = all;
  if (all.length === 1 && only !== undefined) for (const second of only[1].seconds) console.log(secondText(second));
}

function row(name: string, { pictures, freezes, seconds, concealedShare, frames }: Replayed): string {
  const least = (patienceMs: number) =>
    [...frames.values()].map((each) => freezesWith(each, patienceMs)).reduce((sum, { count }) => sum + count, 0);
  const delays = (kind: "pictureMs" | "soundMs") => {
    const known = seconds.flatMap((second) => second[kind] ?? []);
    return `${Math.round(median(known.map(({ p50 }) => p50)))} / ${Math.round(median(known.map(({ p95 }) => p95)))}`;
  };
  const concealed = `${(100 * concealedShare).toFixed(1)} %`;
  return `| ${name} | ${pictures} | ${freezes.count} | ${least(MOST_PATIENT_MS)} | ${least(0)} | ${delays("pictureMs")} | ${delays("soundMs")} | ${concealed} |`;
}

function secondText({ second, pictureMs, soundMs, freezes, soundTargetMs, downlinkBps }: ReplayedSecond): string {
  const delay = (each: ReplayedSecond["pictureMs"]) =>
    each === null ? "–" : `${Math.round(each.p50)} / ${Math.round(each.p95)}`;
  const limit = downlinkBps === null ? "no limit" : `${Math.round(downlinkBps / 1000)} kbit/s`;
  return `${second} s: picture ${delay(pictureMs)} ms, sound ${delay(soundMs)} ms (waits ${Math.round(soundTargetMs)}), ${freezes} freezes, downlink ${limit}`;
}
