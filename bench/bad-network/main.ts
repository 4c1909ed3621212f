// npm run bench bad-network: one publisher whose pictures need all they may have, on emulated lines, and one viewer beside the server.
// Needs root, TUN and ffmpeg (Linux). Each line is a fresh meeting; the first seconds, in which the bitrate finds its place, do not count.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BadNetwork, HUB_ADDRESS } from "../../test/support/bad-network.ts";
import { noisyClip } from "../../test/support/noisy-clip.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { LINK_PATTERN } from "../../test/support/start-server.ts";
import { type StatisticsLine, statisticsLines } from "../../test/support/statistics-lines.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { median } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";

const SECONDS = 30;
const SETTLE_S = 5;
const BITRATE = "1500k";
const command = join(projectRoot, "packages/cli/bin/mqtt-meet.js");

interface Step {
  readonly atS: number;
  readonly knob: string;
  readonly value: number;
}

interface Line {
  readonly name: string;
  readonly knobs: readonly string[];
  readonly steps?: readonly Step[];
}

const QUEUE = ["--queue", "300", "--congestion", "cubic"];
const LINES: readonly Line[] = [
  { name: "no limit, 1 ms", knobs: ["--rtt", "1"] },
  { name: "1 Mbit/s, 50 ms", knobs: ["--rtt", "50", "--rate", "1000", ...QUEUE] },
  { name: "600 kbit/s, 50 ms", knobs: ["--rtt", "50", "--rate", "600", ...QUEUE] },
  {
    name: "10 Mbit/s, 60 ms, jitter 10, 1 % loss",
    knobs: ["--rtt", "60", "--jitter", "10", "--loss", "1", "--rate", "10000", ...QUEUE],
  },
  {
    name: "6 Mbit/s, 100 ms, jitter 20, 3 % loss",
    knobs: ["--rtt", "100", "--jitter", "20", "--loss", "3", "--rate", "6000", ...QUEUE],
  },
  {
    name: "2.5, then 0.6, then 1 Mbit/s, 100 ms",
    knobs: ["--rtt", "100", "--rate", "2500", ...QUEUE],
    steps: [
      { atS: 12, knob: "rate", value: 600 },
      { atS: 22, knob: "rate", value: 1000 },
    ],
  },
];

async function measure(line: Line, clip: string) {
  using folder = temporaryFolder();
  const certificate = join(folder.path, "mqtt-meet", "ca.crt"); // made by the server
  const env = { ...process.env, XDG_STATE_HOME: folder.path, NODE_EXTRA_CA_CERTS: certificate };
  await using network = await BadNetwork.open(line.knobs);
  const options = ["--host", HUB_ADDRESS, "--port", "8443", "--mqtt-port", "1883"];
  await using server = network.atHub(process.execPath, [command, "serve", ...options], { env });
  const [link] = await server.says(LINK_PATTERN);
  await using watch = network.atHub(process.execPath, [command, "watch", link, "--json"], { env });
  const sending = ["--source", clip, "--bitrate", BITRATE, "--no-audio", "--json"];
  await using publisher = network.atPeer(process.execPath, [command, "publish", link, ...sending], { env });
  await publisher.says(/\n/);
  const beganMs = Date.now();
  for (const { atS, knob, value } of line.steps ?? []) {
    await delay(Math.max(0, atS * 1000 - (Date.now() - beganMs)));
    network.set(knob, value);
  }
  await delay(SECONDS * 1000 - (Date.now() - beganMs));
  const seconds = statisticsLines(watch).filter(({ width, t }) => width > 0 && t >= beganMs + SETTLE_S * 1000);
  return { name: line.name, ...summary(seconds) };
}

function summary(seconds: readonly StatisticsLine[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const latencies = seconds.flatMap(({ latencyMs }) => (latencyMs ? [latencyMs] : []));
  return {
    kbps: Math.round(mean(seconds.map(({ kbps }) => kbps))),
    fps: Math.round(mean(seconds.map(({ fps }) => fps)) * 10) / 10,
    p50Ms: Math.round(median(latencies.map(({ p50 }) => p50))),
    p95Ms: Math.round(median(latencies.map(({ p95 }) => p95))),
    worstMs: Math.round(Math.max(...latencies.map(({ p95 }) => p95))),
    freezes: (seconds.at(-1)?.freezes ?? 0) - (seconds[0]?.freezes ?? 0),
  };
}

const clip = await noisyClip(SECONDS + 30);
const results = [];
console.log("| line | kbit/s | pictures a second | latency p50 ms | p95 ms | worst second ms | freezes |");
console.log("|---|---:|---:|---:|---:|---:|---:|");
for (const line of LINES) {
  const { name, kbps, fps, p50Ms, p95Ms, worstMs, freezes } = await measure(line, clip);
  results.push({ name, kbps, fps, p50Ms, p95Ms, worstMs, freezes });
  console.log(`| ${name} | ${kbps} | ${fps} | ${p50Ms} | ${p95Ms} | ${worstMs} | ${freezes} |`);
}
writeResult("bad-network", { seconds: SECONDS - SETTLE_S, bitrate: BITRATE, lines: results });
