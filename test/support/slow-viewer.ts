import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { BadNetwork, HUB_ADDRESS } from "./bad-network.ts";
import { stampedFile } from "./clips.ts";
import { ProcessorShare } from "./machine.ts";
import { middle } from "./meeting-summary.ts";
import { residentBytes } from "./processes.ts";
import { projectRoot } from "./project-root.ts";
import { stampOf } from "./stamp.ts";
import { LINK_PATTERN } from "./start-server.ts";
import { statisticsLines } from "./statistics-lines.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { Y4mReader } from "./y4m-reader.ts";

/** How long a viewer is watched. */
export interface SlowViewerTimes {
  /** All is well so long first: programs grow by some megabytes until their code is compiled and their pools are full. */
  readonly warmS: number;
  /** Then the line is slow for so long. */
  readonly slowS: number;
}

/** What became of it. */
export interface SlowViewerOutcome {
  /** Pictures in the last ten seconds, on a machine that is given its processors. */
  readonly lastPictures: number;
  /** How much more it is behind at the end than after 20 seconds. */
  readonly delayGrewMs: number;
  /** What of that is no fault when the machine was not given its processors. */
  readonly starvedMs: number;
  /** How much more a program has at the end than ever in its first minute. */
  readonly memoryGrewMb: ReadonlyMap<string, number>;
}

/** The delay settles in this time; it is compared with the end. */
const SETTLED_S = 20;
const WINDOW_S = 10;
/** A machine that is given half of its processors' time is late by seconds of its own. */
const STARVED_MS = 10_000;
/** Memory swings by some megabytes; what it comes to in this time it may come to again. */
const SWING_S = 60;
/** Garbage may lie about for minutes: the programs collect it so often. */
const COLLECT_EVERY_S = 5;
const COLLECTING = `--import=${pathToFileURL(join(projectRoot, "test/support/collect-on-signal.mjs")).href}`;
const command = join(projectRoot, "packages/cli/bin/mqtt-meet.js");

/** Values with the second at which they were taken. */
class Series {
  readonly #values: { atS: number; value: number }[] = [];

  add(atS: number, value: number): void {
    this.#values.push({ atS, value });
  }

  /** The values of the ten seconds from `fromS` on. */
  window(fromS: number): number[] {
    return this.#values.filter(({ atS }) => atS >= fromS && atS < fromS + WINDOW_S).map(({ value }) => value);
  }
}

/** The memory of each program, once a second for as long as the line is slow. */
async function watchMemory(
  programs: Readonly<Record<string, { readonly pid: number }>>,
  { elapsedS, slowS }: { elapsedS: () => number; slowS: number },
): Promise<ReadonlyMap<string, Series>> {
  const memory = new Map(Object.keys(programs).map((name) => [name, new Series()]));
  for (let second = 0; elapsedS() < slowS; second++) {
    for (const [name, { pid }] of Object.entries(programs)) {
      if (second % COLLECT_EVERY_S === 0) process.kill(pid, "SIGUSR2");
      memory.get(name)?.add(elapsedS(), residentBytes(pid));
    }
    await delay(1000);
  }
  return memory;
}

/** How much more a program has at the end than ever in its first minute. */
function grownMb(name: string, { series, slowS }: { series: Series; slowS: number }): number {
  const courseMb = Array.from({ length: slowS / WINDOW_S }, (_, i) => middle(series.window(i * WINDOW_S)) / 1e6);
  const grown = (courseMb.at(-1) ?? Number.NaN) - Math.max(...courseMb.slice(0, SWING_S / WINDOW_S));
  console.log(`memory of ${name} in every ten seconds: ${courseMb.map((mb) => mb.toFixed(0)).join(" ")} MB`);
  console.log(`memory of ${name} grew by ${grown.toFixed(1)} MB`);
  return grown;
}

/** A viewer whose line has half the rate that the picture needs. Needs root, TUN, ffmpeg and the sample clips. */
export async function watchOnSlowLine({ warmS, slowS }: SlowViewerTimes): Promise<SlowViewerOutcome> {
  const seconds = warmS + slowS + 60; // it is not played again: a viewer would begin anew
  const clip = await stampedFile({ widthPx: 640, heightPx: 360, seconds, beepHz: 5000 });
  using folder = temporaryFolder();
  const certificate = join(folder.path, "mqtt-meet", "ca.crt"); // made by the server
  const env = {
    ...process.env,
    XDG_STATE_HOME: folder.path,
    NODE_EXTRA_CA_CERTS: certificate,
    NODE_OPTIONS: COLLECTING,
  };
  await using network = await BadNetwork.open(["--rtt", "40", "--queue", "250", "--congestion", "cubic"]);
  // As docs/operating.md advises: without it, seconds of old pictures lie in the kernel, as many as chance has it.
  await network.atHub("sysctl", ["-w", "net.ipv4.tcp_notsent_lowat=16384"]).end();
  const options = ["--host", HUB_ADDRESS, "--port", "8443", "--mqtt-port", "1883"];
  await using server = network.atHub(process.execPath, [command, "serve", ...options], { env });
  const [link] = await server.says(LINK_PATTERN);
  const sending = ["--source", clip, "--bitrate", "1000k", "--no-audio", "--json"];
  await using publisher = network.atHub(process.execPath, [command, "publish", link, ...sending], { env });
  const delays = new Series();
  let beganMs = Number.POSITIVE_INFINITY; // when the line becomes slow
  const elapsedS = () => (performance.now() - beganMs) / 1000;
  const nearMs = new Map<number, number>();
  const watchTo = (onNumber: (number: number) => void) => {
    const reader = new Y4mReader((picture) => {
      const number = stampOf(picture);
      if (number !== undefined) onNumber(number);
    });
    return { args: [command, "watch", link, "--to", "-"], onOutput: (chunk: Buffer) => reader.push(chunk) };
  };
  // A second viewer beside the server: a picture's delay is how much later it is seen at the end of the slow line, so
  // a source that falls behind on a busy machine does not count.
  const near = watchTo((number) => nearMs.set(number, performance.now()));
  await using nearWatch = network.atHub(process.execPath, near.args, { env, onOutput: near.onOutput });
  const far = watchTo((number) => {
    const seenMs = nearMs.get(number);
    if (seenMs !== undefined && elapsedS() >= 0) delays.add(elapsedS(), performance.now() - seenMs);
  });
  await using watch = network.atPeer(process.execPath, far.args, { env, onOutput: far.onOutput });
  await delay(warmS * 1000);
  const neededKbps = middle(
    statisticsLines(publisher)
      .slice(4)
      .map(({ kbps }) => kbps),
  );
  expect(neededKbps, publisher.said).toBeGreaterThan(200);
  network.set("rate", Math.round(neededKbps / 2));
  beganMs = performance.now();
  const share = new ProcessorShare();
  const programs = { server, publisher, nearWatch, watch };
  const memory = await watchMemory(programs, { elapsedS, slowS });
  const [early, late] = [delays.window(SETTLED_S), delays.window(slowS - WINDOW_S)];
  console.log(`needed ${neededKbps} kbit/s; ${early.length} and ${late.length} pictures in ten seconds`);
  const course = Array.from({ length: slowS / WINDOW_S }, (_, i) => middle(delays.window(i * WINDOW_S)).toFixed(0));
  console.log(`delay in every ten seconds: ${course.join(" ")} ms`);
  console.log(
    `delay grew by ${(middle(late) - middle(early)).toFixed(0)} ms; processors ${share.value.toFixed(2)} ours`,
  );
  return {
    lastPictures: late.length / share.value,
    delayGrewMs: middle(late) - middle(early),
    starvedMs: (1 - share.value) * STARVED_MS,
    memoryGrewMb: new Map([...memory].map(([name, series]) => [name, grownMb(name, { series, slowS })])),
  };
}
