import { setTimeout as delay } from "node:timers/promises";
import type { Room } from "@mqtt-meet/sdk";
import type { Browser, Page } from "playwright";
import { joinMeeting } from "../../test/support/join-meeting.ts";
import { launchChromium } from "../../test/support/launch-chromium.ts";
import { cpuSeconds, descendants } from "../../test/support/processes.ts";
import { type Server, startServer } from "../../test/support/start-server.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { processorSeconds } from "../fan-out/processor-time.ts";
import { largestThatHolds } from "../support/largest-that-holds.ts";
import type { Recording, SizeName } from "./recording.ts";
import { ReplaySenders } from "./replay-senders.ts";

/** A browser carries so many senders when at least so much of their pictures is displayed. */
export const SHOWN_PART = 0.9;

const WINDOW = { width: 960, height: 600 };
const SETTLE_MS = 3_000;
const MEASURE_MS = 4_000;
const PATIENCE_MS = 30_000;
/** A page of the grid; those beyond it are not received. */
const MOST_TILES = 49;
/** The meeting that is compared with others' systems. */
export const SIX = 6;

/** One number of senders. */
export interface BrowserCell {
  readonly senders: number;
  /** Of what was sent, 0 to 1. */
  readonly shownPart: number;
  readonly shownPerS: number;
  readonly droppedPerS: number;
  /** Median of the tracks' own p95, from capture to display. */
  readonly p95Ms: number | null;
  /** Of one processor each, in per cent. */
  readonly browserCpu: number;
  readonly serverCpu: number;
  readonly loadCpu: number;
  /** Of the browser and its share of the server. */
  readonly cpuMsPerShownPicture: number;
  readonly holds: boolean;
}

/** How far one browser comes with senders of one size. */
export interface BrowserResult {
  readonly size: SizeName;
  readonly encrypted: boolean;
  readonly senders: number;
  readonly cells: readonly BrowserCell[];
}

/** What is tried of one size. */
export interface BrowserTrial {
  readonly size: SizeName;
  readonly encrypted: boolean;
  /** Whether the largest number that holds is looked for. */
  readonly search: boolean;
  /** Numbers that are measured in any case. */
  readonly senders: readonly number[];
}

/** The real page in one Chromium, alone with its camera and microphone off, watching more and more senders. Prints every cell. */
export async function measureBrowser(
  recordings: Readonly<Record<SizeName, Recording>>,
  { size, encrypted, search, senders }: BrowserTrial,
): Promise<BrowserResult> {
  console.log(`\none browser, ${size} at 30 fps, ${encrypted ? "encrypted" : "not encrypted"}\n${HEAD}`);
  using folder = temporaryFolder();
  await using server = await startServer({ env: { ...process.env, XDG_STATE_HOME: folder.path } }, ["--open-rooms"]);
  const link = encrypted ? server.link : `http://127.0.0.1:${server.port}/r/capacity`;
  await using load = new ReplaySenders(link, recordings[size]);
  const browser = await launchChromium();
  try {
    const cells: BrowserCell[] = [];
    const holds = async (count: number) => {
      await load.setCount(count);
      const cell = await watch({ browser, link, server, load, count });
      cells.push(cell);
      console.log(line(cell));
      return cell.holds;
    };
    if (search) console.log(`shows ${await largestThatHolds(holds, { from: 2, to: MOST_TILES, step: 1 })} senders`);
    for (const count of senders) if (!cells.some((cell) => cell.senders === count)) await holds(count);
    const good = cells.filter((cell) => cell.holds).map((cell) => cell.senders);
    return { size, encrypted, senders: Math.max(0, ...good), cells };
  } finally {
    await browser.close();
  }
}

/** What there is to be watched, and by whom. */
interface Scene {
  readonly browser: Browser;
  readonly link: string;
  readonly server: Server;
  readonly load: ReplaySenders;
  readonly count: number;
}

/** A page of its own for each number: what was too much for one may be remembered by it. */
async function watch(scene: Scene): Promise<BrowserCell> {
  const context = await scene.browser.newContext({
    ...{ viewport: WINDOW, locale: "en-US", permissions: ["camera", "microphone"] },
  });
  try {
    const page = await context.newPage();
    await joinMeeting(page, { link: scene.link, name: "Viewer" });
    await page.getByRole("button", { name: /turn the camera off/i }).click();
    await page.getByRole("button", { name: /mute the microphone/i }).click();
    return await measure(page, scene);
  } finally {
    await context.close();
  }
}

interface Look {
  readonly shown: number;
  readonly dropped: number;
  readonly tracks: number;
  readonly p95Ms: readonly number[];
}

/** Just after the page has counted, which it does once a second: what lies between two looks is whole. */
function look(page: Page): Promise<Look> {
  // No function with a name in here: what runs this file may wrap it in one that the page does not know.
  return page.evaluate(async () => {
    const { room } = (globalThis as unknown as { mqttMeet: { room: Room | undefined } }).mqttMeet;
    await new Promise<void>((resolve) => {
      let calls = 0;
      room?.statistics.subscribe(() => {
        calls++;
        if (calls === 2) resolve();
      });
    });
    const incoming = [...(room?.statistics.value.tracks.values() ?? [])].filter(
      ({ direction, kind }) => direction === "in" && kind === "video",
    );
    return {
      shown: incoming.reduce((sum, { frames }) => sum + frames, 0),
      dropped: incoming.reduce((sum, { dropped }) => sum + dropped, 0),
      tracks: incoming.filter(({ frames }) => frames > 0).length,
      p95Ms: incoming.flatMap(({ latencyMs }) => (latencyMs ? [latencyMs.p95] : [])),
    };
  });
}

async function measure(page: Page, { server, load, count }: Scene): Promise<BrowserCell> {
  for (const endMs = Date.now() + PATIENCE_MS; (await look(page)).tracks < count && Date.now() < endMs; )
    await delay(250);
  await delay(SETTLE_MS);
  const moment = async () => {
    const seen = await look(page);
    const [own, chromium] = [process.cpuUsage(), chromiumSeconds(server)];
    const cpu = { load: (own.user + own.system) / 1e6, chromium, server: processorSeconds(server.program.pid) };
    return { ...seen, cpu, sent: load.sentPictures, atMs: performance.now() };
  };
  const before = await moment();
  await delay(MEASURE_MS);
  const after = await moment();
  const seconds = (after.atMs - before.atMs) / 1000;
  const shown = after.shown - before.shown;
  const used = (of: "load" | "chromium" | "server") => after.cpu[of] - before.cpu[of];
  const share = (of: "load" | "chromium" | "server") => Math.round((used(of) / seconds) * 100);
  const shownPart = shown / (after.sent - before.sent);
  const sorted = after.p95Ms.toSorted((a, b) => a - b);
  return {
    senders: count,
    shownPart: rounded(shownPart, 3),
    shownPerS: Math.round(shown / seconds),
    droppedPerS: Math.round((after.dropped - before.dropped) / seconds),
    p95Ms: sorted.length === 0 ? null : Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    ...{ browserCpu: share("chromium"), serverCpu: share("server"), loadCpu: share("load") },
    cpuMsPerShownPicture: rounded(((used("chromium") + used("server")) * 1000) / shown, 2),
    holds: shownPart >= SHOWN_PART && after.tracks >= count,
  };
}

/** All processes of ours but the server's are Chromium's. */
function chromiumSeconds(server: Server): number {
  const others = new Set([process.pid, ...descendants(server.program.pid)]);
  return descendants(process.pid)
    .filter((pid) => !others.has(pid))
    .reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

const HEAD = [
  "| senders | displayed % | pictures/s | dropped/s | p95 ms | browser, % of a processor | server | load | CPU ms a picture |",
  "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
].join("\n");

function line(cell: BrowserCell): string {
  const { senders, shownPart, shownPerS, droppedPerS, p95Ms, browserCpu, serverCpu, loadCpu } = cell;
  const all = [
    senders,
    rounded(shownPart * 100, 1),
    shownPerS,
    droppedPerS,
    p95Ms ?? "–",
    browserCpu,
    serverCpu,
    loadCpu,
  ];
  return `| ${[...all, cell.cpuMsPerShownPicture].join(" | ")} |${cell.holds ? "" : " too many"}`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
