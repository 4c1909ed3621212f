// npm run bench tutorial: a baseline that does what the tutorial's scripts do, against mqtt-meet: the same clip at 720p and 30
// pictures a second, the same broker, each showing it in a window of a virtual display. Latency is from the moment a picture was
// read from the clip until its number stands in the display's pixels; processor time is that of all processes, broker included;
// bytes are what the broker's sockets received and sent.
import { parseArgs } from "node:util";
import { stampedFile } from "../../test/support/clips.ts";
import { median } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";
import type { Measurement } from "./measurement.ts";
import { measureOurs, ourQuality } from "./ours.ts";
import { measureTutorial } from "./tutorial.ts";

const TARGETS = { latency: 0.3, cpu: 0.3, bytes: 0.12, ssim: 0.95 };

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    seconds: { type: "string", default: "20" },
    bitrate: { type: "string", default: "1500k" },
  },
});
const seconds = Number(values.seconds);
const clip = await stampedFile({ widthPx: 1280, heightPx: 720, seconds: seconds + 40, beepHz: 5000 });

const tutorial: Measurement[] = [];
const ours: Measurement[] = [];
for (let run = 0; run < Number(values.runs); run++) {
  tutorial.push(show("tutorial", await measureTutorial({ clip, seconds })));
  ours.push(show("mqtt-meet", await measureOurs({ clip, seconds, bitrate: values.bitrate })));
}
const quality = {
  tutorial: median(tutorial.map(({ ssim }) => ssim)),
  ours: await ourQuality({ clip, bitrate: values.bitrate }),
};

const ratio = (of: (measurement: Measurement) => number) => median(ours.map(of)) / median(tutorial.map(of));
const ratios = {
  latency: ratio(({ latencyMs }) => latencyMs.p50),
  cpu: ratio(({ cpuSecondsPerSecond }) => cpuSecondsPerSecond),
  bytes: ratio(({ bytesPerSecond }) => bytesPerSecond),
};
console.log(
  `\nmedians of ${values.runs} runs of ${seconds} s, mqtt-meet at ${values.bitrate}bit/s, as parts of the tutorial's:`,
);
for (const name of ["latency", "cpu", "bytes"] as const) {
  console.log(
    `  ${name.padEnd(8)} ${ratios[name].toFixed(3)}  (at most ${TARGETS[name]})  ${verdict(ratios[name] <= TARGETS[name])}`,
  );
}
const good = quality.ours >= TARGETS.ssim;
console.log(
  `  SSIM     ${quality.ours.toFixed(4)}, the tutorial's ${quality.tutorial.toFixed(4)}  (ours at least ${TARGETS.ssim})  ${verdict(good)}`,
);
writeResult("tutorial", { options: values, targets: TARGETS, ratios, quality, tutorial, ours });
const met = (["latency", "cpu", "bytes"] as const).every((name) => ratios[name] <= TARGETS[name]);
process.exitCode = met && good ? 0 : 1;

function show(name: string, measurement: Measurement): Measurement {
  const { latencyMs, cpuSecondsPerSecond, bytesPerSecond, shown, captured } = measurement;
  console.log(
    `${name.padEnd(10)} latency p50 ${latencyMs.p50.toFixed(0)} ms, p95 ${latencyMs.p95.toFixed(0)} ms; ${cpuSecondsPerSecond.toFixed(2)} cores; ` +
      `${((bytesPerSecond * 8) / 1e6).toFixed(2)} Mbit/s in and out of the broker; ${shown} of ${captured} pictures seen`,
  );
  return measurement;
}

function verdict(met: boolean): string {
  return met ? "met" : "MISSED";
}
