import { setTimeout as delay } from "node:timers/promises";
import { CleanUps } from "../../test/support/clean-ups.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { BenchBrowser, type BenchPage, connectPages } from "./browsers.ts";
import { Lab, type LabOptions } from "./lab.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import { type Observation, observe } from "./observe.ts";
import type { ContenderName } from "./page/contender.ts";
import type { Order } from "./page/harness.ts";
import type { BenchFiles } from "./prepare-files.ts";
import { besideOriginals } from "./reference-pictures.ts";
import { PAGE_URL, startService } from "./start-service.ts";
import { stepResponseOf } from "./step-response.ts";

/** One contender, once, on one network. */
export interface Cell extends LabOptions, BenchFiles {
  readonly contender: ContenderName;
  /** 1 to 3. */
  readonly viewers: number;
  readonly seconds: number;
  readonly settleSeconds: number;
  /** Whether viewers come out of a lobby, as in a page for people, or from nothing. */
  readonly lobby: boolean;
  readonly codec: "vp8" | "h264";
  readonly bitrateBps: number;
}

/** What one cell came to. */
export interface CellResult {
  /** Of each viewer. The first is the one at the end of the line, where a viewer is. */
  readonly viewers: readonly Measurement[];
  /** The same once the line was whole again; empty unless one of several viewers is at its end. */
  readonly mended: readonly Measurement[];
  /** Packets that the line lost, or had no room for. */
  readonly lost: number;
  readonly overflowed: number;
  /** What the machine's host gave it of its processors. */
  readonly machineShare: number;
  readonly about: { readonly sender: string; readonly viewers: readonly string[] };
}

/** The sender is there for so long, and nobody clicks sooner. */
const IN_LOBBY_MS = 2_000;
/** What was captured at the end is still on its way. */
const LAST_ONES_MS = 1_500;
/** Until a viewer whose line is whole again has what it may have. */
const MENDED_SETTLE_MS = 10_000;

interface Parties {
  readonly lab: Lab;
  readonly sender: BenchPage;
  readonly viewers: readonly BenchPage[];
  readonly address: string;
}

/** Sets everything up from nothing, measures, and takes it down. */
export async function runCell(cell: Cell): Promise<CellResult> {
  await using cleanUps = new CleanUps();
  const folder = cleanUps.use(temporaryFolder());
  const lab = cleanUps.use(await Lab.open(cell));
  const { contender, bitrateBps } = cell;
  const { address } = cleanUps.use(await startService(contender, { hub: lab.hub, folder: folder.path, bitrateBps }));
  const openBrowser = async (namespace: string) =>
    cleanUps.use(await BenchBrowser.open({ namespace, folder: folder.path, url: PAGE_URL, output: cell.output }));
  const sender = await (await openBrowser(lab.senderAt)).openPage();
  const first = await openBrowser(lab.firstViewerAt);
  const viewers = [await first.openPage()];
  // Viewers at one place share a browser, each with a page and a process of its own.
  if (cell.viewers > 1) {
    const others = lab.firstViewerAt === lab.hub ? first : await openBrowser(lab.hub);
    while (viewers.length < cell.viewers) viewers.push(await others.openPage());
  }
  return await measure(cell, { lab, sender, viewers, address });
}

async function measure(cell: Cell, parties: Parties): Promise<CellResult> {
  const { lab, sender, viewers } = parties;
  const firstPicturesMs = await meet(cell, parties);
  await delay(cell.settleSeconds * 1000);
  const { seconds, profile } = cell;
  const weak = await observe({ lab, viewers, seconds, steps: profile.steps });
  await delay(LAST_ONES_MS);
  const mended = comparesOthers(cell) ? await observeMended(cell, parties) : undefined;
  const reports = {
    firstPicturesMs,
    sender: await sender.do("senderReport"),
    viewers: await Promise.all(viewers.map((viewer) => viewer.do("viewerReport"))),
  };
  const { before, after } = weak.traffic;
  return {
    viewers: measurementsOf(cell, weak, reports),
    mended: mended ? measurementsOf({ ...cell, profile: { ...profile, steps: [] } }, mended, reports) : [],
    lost: after.lost - before.lost,
    overflowed: after.overflowed - before.overflowed,
    machineShare: weak.machineShare,
    about: { sender: reports.sender.about, viewers: weak.after.map(({ about }) => about) },
  };
}

/** The sender comes first, and stands ready as somebody who waits in a meeting; then one viewer after the other. */
async function meet(cell: Cell, { sender, viewers, address }: Parties): Promise<readonly number[]> {
  const { contender, codec, bitrateBps, fps, beepHz, clip } = cell;
  const { widthPx, heightPx } = clip;
  const order: Order = { contender, address, codec, bitrateBps, widthPx, heightPx, fps, beepHz };
  await connectPages(sender, viewers);
  await sender.page.setInputFiles("input", [clip.path, cell.sound]);
  await sender.do("send", order);
  if (cell.lobby) for (const viewer of viewers) await viewer.do("waitInLobby", order);
  await delay(IN_LOBBY_MS);
  const firstPicturesMs: number[] = [];
  for (const [number, viewer] of viewers.entries()) firstPicturesMs.push(await viewer.do("view", order, number));
  return firstPicturesMs;
}

/** Whether one viewer is at the end of a bad line and others are not. */
function comparesOthers({ on, viewers, profile }: Cell): boolean {
  return on === "downlink" && viewers > 1 && profile.knobs !== undefined;
}

/** What the others get beside a viewer on a good line: the same people in the same meeting, so nothing else differs. */
async function observeMended({ seconds }: Cell, { lab, viewers }: Parties): Promise<Observation> {
  lab.mend();
  await delay(MENDED_SETTLE_MS);
  const observation = await observe({ lab, viewers, seconds });
  await delay(LAST_ONES_MS);
  return observation;
}

function measurementsOf(
  { profile, on, seconds, bitrateBps, clip }: Cell,
  observation: Observation,
  { firstPicturesMs, sender, viewers }: ReportsOfPages,
): Measurement[] {
  const { fromMs, toMs, before, after, cpuSeconds, traffic, samples, steps } = observation;
  const line = on === "uplink" ? "upBytes" : "downBytes";
  return viewers.flatMap((viewer, i) => {
    const [first, last] = [before[i], after[i]];
    if (first === undefined || last === undefined) return [];
    const response =
      steps.length > 0 && i === 0
        ? stepResponseOf(steps, { steps: profile.steps ?? [], seconds, mostKbps: bitrateBps / 1000 })
        : undefined;
    const measurement = measurementOf({
      ...{ fromMs, toMs, sender, viewer, cpuSeconds, before: first, after: last },
      firstPictureMs: firstPicturesMs[i] ?? Number.NaN,
      wireBytes: traffic.after[line] - traffic.before[line],
      pictures: besideOriginals(samples[i] ?? [], clip),
    });
    return [response ? { ...measurement, response } : measurement];
  });
}

interface ReportsOfPages {
  readonly firstPicturesMs: readonly number[];
  readonly sender: Parameters<typeof measurementOf>[0]["sender"];
  readonly viewers: readonly Parameters<typeof measurementOf>[0]["viewer"][];
}
