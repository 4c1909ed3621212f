import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ProcessorShare } from "../../test/support/machine.ts";
import { cpuSeconds, descendants } from "../../test/support/processes.ts";

import { Program } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { LINK_PATTERN } from "../../test/support/start-server.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { type BenchPage, connectPages, openBenchPage } from "./browsers.ts";
import { JANUS_ADDRESS, startJanus } from "./janus.ts";
import { HUB_ADDRESS, Lab, type LabOptions } from "./lab.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import type { ContenderName } from "./page/contender.ts";
import type { Order } from "./page/harness.ts";
import type { PictureSample } from "./page/picture-samples.ts";
import { besideOriginals, type RawClip } from "./reference-pictures.ts";

/** One contender, once, on one network. */
export interface Cell extends LabOptions {
  readonly contender: ContenderName;
  readonly seconds: number;
  readonly settleSeconds: number;
  readonly codec: "vp8" | "h264";
  readonly bitrateBps: number;
  readonly clip: RawClip;
  /** A WAV file that beeps once a second. */
  readonly sound: string;
  readonly beepHz: number;
  readonly fps: number;
  /** The built page. */
  readonly output: string;
}

/** What one cell came to. */
export interface CellResult {
  readonly measurement: Measurement;
  /** Packets that the line lost, or had no room for. */
  readonly lost: number;
  readonly overflowed: number;
  /** What the machine's host gave it of its processors. */
  readonly machineShare: number;
  readonly about: { readonly sender: string; readonly viewer: string };
}

const MQTT_MEET = join(projectRoot, "packages/cli/bin/mqtt-meet.js");
const SAMPLE_EVERY_MS = 500;
/** What was captured at the end is still on its way. */
const LAST_ONES_MS = 1_500;
const SERVER_PORT = 8443;
const PLAIN_PORT = 8480;

/** Sets everything up from nothing, measures, and takes it down. */
export async function runCell(cell: Cell): Promise<CellResult> {
  using folder = temporaryFolder();
  await using lab = await Lab.open(cell);
  await using service = await startService(cell, { lab, folder: folder.path });
  // Janus's socket is not encrypted, which a page from https may not talk to.
  const origin =
    cell.contender === "janus" ? `http://${HUB_ADDRESS}:${PLAIN_PORT}` : `https://${HUB_ADDRESS}:${SERVER_PORT}`;
  const of = { folder: folder.path, url: `${origin}/bench/`, output: cell.output };
  const sender = await openBenchPage({ ...of, namespace: lab.senderAt });
  try {
    const viewer = await openBenchPage({ ...of, namespace: lab.viewerAt });
    try {
      return await measure(cell, { lab, sender, viewer, address: service.address });
    } finally {
      await viewer.browser.close();
    }
  } finally {
    await sender.browser.close();
  }
}

interface Parties {
  readonly lab: Lab;
  readonly sender: BenchPage;
  readonly viewer: BenchPage;
  readonly address: string;
}

async function measure(cell: Cell, parties: Parties): Promise<CellResult> {
  const { lab, sender, viewer, address } = parties;
  const { contender, codec, bitrateBps, fps, beepHz, clip } = cell;
  const order: Order = {
    contender,
    address,
    codec,
    bitrateBps,
    widthPx: clip.widthPx,
    heightPx: clip.heightPx,
    fps,
    beepHz,
  };
  await connectPages(sender, viewer);
  await sender.page.setInputFiles("input", [clip.path, cell.sound]);
  await sender.do("send", order);
  await delay(1_000); // it stands ready, as somebody who waits in a meeting
  const firstPictureMs = await viewer.do("view", order);
  await delay(cell.settleSeconds * 1000);
  const before = await viewer.do("counts");
  const [cpuBefore, trafficBefore, share] = [processorSeconds(lab), await lab.traffic(), new ProcessorShare()];
  const fromMs = Date.now();
  const samples = await watch(cell, { ...parties, fromMs });
  const after = await viewer.do("counts");
  const [cpuAfter, traffic, machineShare] = [processorSeconds(lab), await lab.traffic(), share.value];
  const toMs = Date.now();
  await delay(LAST_ONES_MS);
  const wireBytes =
    cell.on === "uplink" ? traffic.upBytes - trafficBefore.upBytes : traffic.downBytes - trafficBefore.downBytes;
  const senderReport = await sender.do("senderReport");
  return {
    measurement: measurementOf({
      ...{ fromMs, toMs, firstPictureMs, before, after, wireBytes },
      sender: senderReport,
      viewer: await viewer.do("viewerReport"),
      cpuSeconds: cpuAfter - cpuBefore,
      pictures: besideOriginals(samples, clip),
    }),
    lost: traffic.lost - trafficBefore.lost,
    overflowed: traffic.overflowed - trafficBefore.overflowed,
    machineShare,
    about: { sender: senderReport.about, viewer: after.about },
  };
}

/** Lets the time pass, changes the line when it is due, and takes a sample of the picture now and then. */
async function watch(cell: Cell, { lab, viewer, fromMs }: Parties & { fromMs: number }): Promise<PictureSample[]> {
  const samples: PictureSample[] = [];
  const steps = [...(cell.profile.steps ?? [])];
  const endMs = fromMs + cell.seconds * 1000;
  for (let nextMs = fromMs; nextMs < endMs; nextMs += SAMPLE_EVERY_MS) {
    await delay(Math.max(0, nextMs - Date.now()));
    while (steps[0] && Date.now() >= fromMs + steps[0].at * cell.seconds * 1000) {
      lab.set("rate", steps.shift()?.rateKbps ?? 0);
    }
    const sample = await viewer.do("sample");
    if (sample) samples.push(sample);
  }
  await delay(Math.max(0, endMs - Date.now()));
  return samples;
}

/** What stands between the two pages, and where they find it. */
interface Service extends AsyncDisposable {
  readonly address: string;
}

async function startService(cell: Cell, { lab, folder }: { lab: Lab; folder: string }): Promise<Service> {
  if (cell.contender === "webrtc") return { address: "", [Symbol.asyncDispose]: async () => undefined };
  if (cell.contender === "janus") {
    return service(JANUS_ADDRESS, await startJanus({ hub: lab.hub, folder, bitrateBps: cell.bitrateBps }));
  }
  const ports = ["--host", HUB_ADDRESS, "--port", String(SERVER_PORT), "--mqtt-port", "1883"];
  const args = ["netns", "exec", lab.hub, process.execPath, MQTT_MEET, "serve", ...ports];
  const server = new Program("ip", args, { env: { ...process.env, XDG_STATE_HOME: folder } });
  const [link] = await server.says(LINK_PATTERN);
  return service(link, server);
}

function service(address: string, program: Program): Service {
  return { address, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** Of everything that was started, but for the line and this bench. */
function processorSeconds(lab: Lab): number {
  const pids = descendants(process.pid).filter((pid) => pid !== process.pid && pid !== lab.emulatorPid);
  return pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}
