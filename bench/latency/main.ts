// npm run bench latency: from a captured frame to the displayed picture, ours and a WebRTC peer connection, side by side:
// the same frames of a real clip, the same codec and bitrate, the same Chromium at the same time, both read from the displayed
// pixels by one requestAnimationFrame loop.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright";
import { ffmpeg, made, REAL_CLIP } from "../../test/support/clips.ts";
import { launchChromium } from "../../test/support/launch-chromium.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { startServer } from "../../test/support/start-server.ts";
import { servePage } from "../support/serve-page.ts";
import { median, quantile } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";
import type { RunOptions, RunResult } from "./page/harness.ts";

const SIZE = { widthPx: 1280, heightPx: 720, fps: 30 };
const NAMES = ["ours", "webrtc"] as const;
const CLIP_FRAMES = 150;
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

const clip = await made(`pictures-${CLIP_FRAMES}.yuv`, (path) =>
  ffmpeg(["-i", REAL_CLIP, "-frames:v", String(CLIP_FRAMES), "-f", "rawvideo", "-pix_fmt", "yuv420p", path]),
);
const runs: Record<string, RunResult>[] = [];
const clipServer = await serveFile(clip);
const server = await startServer();
const browser = await launchChromium({
  args: [
    // The page is put at the server's origin by the test driver, which makes Chromium take it for one from the internet.
    "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks",
    "--allow-loopback-in-peer-connection",
  ],
});
try {
  const page = await openHarness(browser, new URL(server.link).origin);
  for (let i = 0; i < Number(values.runs); i++) {
    const options: RunOptions = {
      ...SIZE,
      clip: clipServer.url,
      codec: values.codec as RunOptions["codec"],
      bitrateBps: Number(values.bitrate) * 1000,
      warmUpMs: 6000,
      measureMs: Number(values.seconds) * 1000,
      order: (i % 2 === 0 ? NAMES : NAMES.toReversed()).filter((name) => !values.only || name === values.only),
      link: server.link,
    };
    const result = await page.evaluate(
      (given) => (globalThis as unknown as { run(o: RunOptions): Promise<Record<string, RunResult>> }).run(given),
      options,
    );
    show(i + 1, result);
    runs.push(result);
  }
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
  clipServer.server.close();
}
if (!values.only) process.exitCode = conclude() ? 0 : 1;

async function openHarness(of: Browser, site: string): Promise<Page> {
  const context = await of.newContext({ viewport: { width: 660, height: 740 } });
  const output = join(projectRoot, "node_modules", ".cache", "mqtt-meet", "latency-page");
  await servePage(context, { folder: join(import.meta.dirname, "page"), output, url: `${site}/bench/` });
  const page = await context.newPage();
  page.on("console", (message) => console.log(`  page: ${message.text()}`));
  page.on("pageerror", (error) => console.log(`  page: ${error.message}`));
  await page.goto(`${site}/bench/`);
  return page;
}

function show(run: number, result: Record<string, RunResult>): void {
  for (const name of Object.keys(result)) {
    const { latenciesMs = [], captured = 0, about = "" } = result[name] ?? {};
    const [p50, p95] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.95)];
    console.log(
      `run ${run} ${name.padEnd(6)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${latenciesMs.length} of ${captured} frames seen; ${about}`,
    );
  }
}

/** Prints the medians of the runs, keeps them, and answers whether the target is met. */
function conclude(): boolean {
  const each = (name: string, q: number) => runs.map((result) => quantile(result[name]?.latenciesMs ?? [], q));
  const of = (name: string) => ({ p50Ms: median(each(name, 0.5)), p95Ms: median(each(name, 0.95)) });
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

async function serveFile(path: string): Promise<{ url: string; server: Server }> {
  const files = createServer((_, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("cross-origin-resource-policy", "cross-origin");
    createReadStream(path).pipe(response);
  }).listen(0, "127.0.0.1");
  await once(files, "listening");
  const address = files.address();
  return { url: `http://localhost:${typeof address === "object" ? address?.port : 0}/`, server: files };
}
