// npm run bench latency: from a captured frame to the displayed picture, ours and a WebRTC peer connection, side by side:
// the same frames of a real clip, the same codec and bitrate, the same Chromium at the same time, both read from the displayed
// pixels by one requestAnimationFrame loop.

import { parseArgs } from "node:util";
import { median, quantile } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";
import { measureLatencies } from "./measure-latencies.ts";
import type { RunOptions } from "./page/harness.ts";

const NAMES = ["ours", "webrtc"] as const;
const TARGET_RATIO = 0.6;

const { values } = parseArgs({
  options: {
    codec: { type: "string", default: "h264" },
    bitrate: { type: "string", default: "1500" },
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "15" },
    // To look for faults: one alone is no comparison.
    only: { type: "string" },
  },
});

const runs = await measureLatencies({
  contenders: NAMES.filter((name) => !values.only || name === values.only),
  runs: Number(values.runs),
  seconds: Number(values.seconds),
  codec: values.codec as RunOptions["codec"],
  bitrateBps: Number(values.bitrate) * 1000,
});
if (!values.only) process.exitCode = conclude() ? 0 : 1;

/** Prints the medians of the runs, keeps them, and answers whether the target is met. */
function conclude(): boolean {
  const each = (name: "ours" | "webrtc", q: number) =>
    runs.map((result) => quantile(result[name]?.latenciesMs ?? [], q));
  const of = (name: "ours" | "webrtc") => ({ p50Ms: median(each(name, 0.5)), p95Ms: median(each(name, 0.95)) });
  const [ours, webrtc] = [of("ours"), of("webrtc")];
  const ratio = ours.p50Ms / webrtc.p50Ms;
  const ratios = runs.map((_, i) => (each("ours", 0.5)[i] ?? Number.NaN) / (each("webrtc", 0.5)[i] ?? Number.NaN));
  const line = ({ p50Ms, p95Ms }: { p50Ms: number; p95Ms: number }) =>
    `p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms`;
  console.log(`\nmedians of ${runs.length} runs, ${values.codec}, 1280x720, 30 fps, ${values.bitrate} kbit/s:`);
  console.log(`  mqtt-meet ${line(ours)}`);
  console.log(`  WebRTC    ${line(webrtc)}`);
  console.log(
    `  ratio of p50 ${ratio.toFixed(3)} (at most ${TARGET_RATIO})  ${ratio <= TARGET_RATIO ? "met" : "MISSED"}`,
  );
  writeResult("latency", { options: values, target: TARGET_RATIO, ratio, ratios, ours, webrtc, runs });
  return ratio <= TARGET_RATIO;
}
