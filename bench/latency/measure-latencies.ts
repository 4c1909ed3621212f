import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { ffmpeg, made, REAL_CLIP } from "../../test/support/clips.ts";
import { freePort } from "../../test/support/free-port.ts";
import { launchChromium } from "../../test/support/launch-chromium.ts";
import { mqttMeet } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { LINK_PATTERN } from "../../test/support/start-server.ts";
import { servePage } from "../support/serve-page.ts";
import { quantile } from "../support/statistics.ts";
import type { ContenderName, RunOptions, RunResult } from "./page/harness.ts";

const SIZE = { widthPx: 1280, heightPx: 720, fps: 30 };
const CLIP_FRAMES = 150;
const WARM_UP_MS = 6_000;

/** What is measured, and how often. */
export interface LatencyOptions {
  /** Side by side in every run; who is set up first changes from run to run. */
  readonly contenders: readonly ContenderName[];
  readonly runs: number;
  readonly seconds: number;
  readonly codec: RunOptions["codec"];
  readonly bitrateBps: number;
}

/** What every contender did in one run. */
export type LatencyRun = Readonly<Partial<Record<ContenderName, RunResult>>>;

/** From a captured frame to the displayed picture, for several contenders that get the same frames. Prints every run. */
export async function measureLatencies(options: LatencyOptions): Promise<readonly LatencyRun[]> {
  const clip = await made(`pictures-${CLIP_FRAMES}.yuv`, (path) =>
    ffmpeg(["-i", REAL_CLIP, "-frames:v", String(CLIP_FRAMES), "-f", "rawvideo", "-pix_fmt", "yuv420p", path]),
  );
  const runs: LatencyRun[] = [];
  const clipServer = await serveFile(clip);
  const ports = ["--port", String(await freePort()), "--mqtt-port", String(await freePort())];
  await using server = mqttMeet(["serve", "--open-rooms", ...ports]);
  const [link] = await server.says(LINK_PATTERN);
  const site = new URL(link).origin;
  const browser = await launchChromium({
    args: [
      // The page is put at the server's origin by the test driver, which makes Chromium take it for one from the internet.
      "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks",
      "--allow-loopback-in-peer-connection",
    ],
  });
  try {
    const page = await openHarness(browser, site);
    for (let i = 0; i < options.runs; i++) {
      const { contenders, codec, bitrateBps, seconds } = options;
      const result = await measureOnce(page, {
        ...{ ...SIZE, clip: clipServer.url, codec, bitrateBps, warmUpMs: WARM_UP_MS, measureMs: seconds * 1000 },
        order: i % 2 === 0 ? contenders : contenders.toReversed(),
        links: { ours: link, open: `${site}/r/open-room` },
      });
      show(i + 1, result);
      runs.push(result);
    }
  } finally {
    await browser.close();
    clipServer.server.close();
  }
  return runs;
}

function measureOnce(page: Page, options: RunOptions): Promise<LatencyRun> {
  return page.evaluate(
    (given) => (globalThis as unknown as { run(o: RunOptions): Promise<LatencyRun> }).run(given),
    options,
  );
}

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

function show(run: number, result: LatencyRun): void {
  for (const [name, { latenciesMs, captured, about }] of Object.entries(result)) {
    const [p50, p95] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.95)];
    console.log(
      `run ${run} ${name.padEnd(6)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${latenciesMs.length} of ${captured} frames seen; ${about}`,
    );
  }
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
