import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Room } from "@mqtt-meet/sdk";
import type { Browser, BrowserContext, Page } from "playwright";
import { freePort } from "./free-port.ts";
import { launchChromium } from "./launch-chromium.ts";
import { type PageTraces, storedBy, tracePages } from "./page-traces.ts";
import { mqttMeet, type Program } from "./program.ts";
import { LINK_PATTERN } from "./start-server.ts";
import { statisticsLines } from "./statistics-lines.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { type Published, WireTap } from "./wire-tap.ts";

/** Who takes part in a watched meeting, and what is said. */
export const SPOKEN = { person: "Ada Lovelace", camera: "Porch Camera", words: "the secret plan of Tuesday" } as const;

/** So many seconds of everybody's pictures. */
const SECONDS_SEEN = 2;
const PATIENCE_MS = 180_000;
/** More than a look at how even bytes are needs, headers included. */
const CARRIED_BYTES = 60_000;

/** Everything that a meeting left anywhere, by place. */
export interface Places extends Readonly<Record<string, Buffer>> {
  /** All bytes between the server and everybody. */
  readonly "the wire": Buffer;
  /** As the browser tells of them: addresses, headers, bodies. */
  readonly requests: Buffer;
  readonly "the page's lines": Buffer;
  readonly "the page's storage": Buffer;
  readonly "the server's lines": Buffer;
  readonly "the server's files": Buffer;
  readonly "the commands' lines": Buffer;
}

/** What is left of one meeting. */
export interface MeetingTraces {
  readonly places: Places;
  readonly published: readonly Published[];
  /** The addresses that a page asked for. */
  readonly addresses: readonly string[];
}

/** A meeting to be held. */
export interface WatchedMeeting {
  /** What stands behind the site: `/r/NAME#…`. */
  readonly path: string;
  readonly passphrase?: string;
}

interface Stage {
  readonly tap: WireTap;
  readonly server: Program;
  readonly browser: Browser;
  readonly folder: string;
}

/** What a part of the stage has seen of one browser profile. */
interface Visit {
  readonly context: BrowserContext;
  readonly traces: PageTraces;
  readonly from: number;
}

/**
 * Holds meetings one after the other: a page with camera and microphone, a camera of `publish` and a viewer of `watch`, on a
 * server that permits open rooms. Keeps every byte between them and the server, and every request, line and storage entry.
 * In the end `planted` is put into every place where a page could leave it, for the last element.
 */
export async function holdWatchedMeetings(
  meetings: readonly WatchedMeeting[],
  planted: string,
): Promise<readonly MeetingTraces[]> {
  const [port, mqttPort] = [await freePort(), await freePort()];
  using folder = temporaryFolder();
  const ports = ["--port", String(port), "--mqtt-port", String(mqttPort)];
  await using server = mqttMeet(["serve", "--open-rooms", ...ports], { env: environment(folder.path) });
  await using tap = await WireTap.before(port);
  const browser = await launchChromium();
  try {
    const stage = { tap, server, browser, folder: folder.path };
    await server.says(LINK_PATTERN);
    const outcomes: MeetingTraces[] = [];
    for (const meeting of meetings) outcomes.push(await hold(meeting, stage));
    return [...outcomes, await plant(planted, stage)];
  } finally {
    await browser.close();
  }
}

async function hold({ path, passphrase = "" }: WatchedMeeting, stage: Stage): Promise<MeetingTraces> {
  const visit = await begin(stage);
  const link = `http://127.0.0.1:${stage.tap.port}${path}`;
  const options = { env: environment(stage.folder), input: `${link}\n${passphrase}\n` };
  await using publish = mqttMeet(["publish", "-", "--source", "test", "--name", SPOKEN.camera, "--json"], options);
  await using watch = mqttMeet(["watch", "-", "--to", "null", "--json"], options);
  const page = await enter(visit.context, { link, passphrase });
  for (const name of [SPOKEN.person, SPOKEN.camera]) await sees(watch, name);
  for (const kind of ["a", "v"]) await carries(stage.tap, { from: visit.from, kind });
  await page.evaluate(
    (text) => (globalThis as unknown as { mqttMeet: { room: Room } }).mqttMeet.room.sendMessage(text),
    SPOKEN.words,
  );
  const stored = await storedBy(page);
  const commands = [publish, watch];
  for (const command of commands) command.signal("SIGINT");
  await Promise.all(commands.map((command) => command.end({ withinMs: PATIENCE_MS })));
  await page.getByRole("button", { name: /leave/i }).click();
  await page.getByRole("heading").first().waitFor();
  const lines = commands.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  return end(visit, stage, { stored, lines });
}

async function enter(
  context: BrowserContext,
  { link, passphrase }: { link: string; passphrase: string },
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("textbox", { name: /name/i }).fill(SPOKEN.person);
  if (passphrase !== "") await page.getByRole("textbox", { name: /passphrase/i }).fill(passphrase);
  await page.getByRole("button", { name: /^join/i }).click();
  await page.getByRole("button", { name: /leave/i }).waitFor({ timeout: PATIENCE_MS });
  return page;
}

/** Puts `text` where a page could leave it. */
async function plant(text: string, stage: Stage): Promise<MeetingTraces> {
  const visit = await begin(stage);
  const page = await visit.context.newPage();
  await page.goto(`http://127.0.0.1:${stage.tap.port}/`);
  await page.evaluate(async (planted) => {
    console.warn(planted);
    history.pushState({ planted }, "");
    localStorage.setItem("planted", planted);
    await (await caches.open("planted")).put("/planted", new Response(planted));
    const opening = indexedDB.open("planted");
    opening.onupgradeneeded = () => opening.result.createObjectStore("planted");
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const writing = opening.result.transaction("planted", "readwrite").objectStore("planted").put(planted, 1);
    await new Promise((resolve) => {
      writing.onsuccess = resolve;
    });
    opening.result.close();
    await fetch("/config.json", { headers: { planted } });
  }, text);
  return end(visit, stage, { stored: await storedBy(page), lines: "" });
}

/** Each visit has a profile, and so connections, of its own. */
async function begin({ tap, browser }: Stage): Promise<Visit> {
  const context = await browser.newContext({ locale: "en-US", permissions: ["camera", "microphone"] });
  return { context, traces: tracePages(context), from: tap.mark() };
}

async function end(
  { context, traces, from }: Visit,
  { tap, server, folder }: Stage,
  more: { readonly stored: string; readonly lines: string },
): Promise<MeetingTraces> {
  await context.close();
  return {
    published: tap.published(from),
    addresses: traces.requests.map(({ address }) => address),
    places: {
      "the wire": tap.bytes(from),
      requests: Buffer.from(JSON.stringify(traces.requests)),
      "the page's lines": Buffer.from(traces.lines.join("\n")),
      "the page's storage": Buffer.from(more.stored),
      "the server's lines": Buffer.from(server.stdout + server.stderr),
      "the server's files": Buffer.concat(filesIn(folder)),
      "the commands' lines": Buffer.from(more.lines),
    },
  };
}

function environment(stateFolder: string): NodeJS.ProcessEnv {
  return { ...process.env, XDG_STATE_HOME: stateFolder };
}

async function sees(watch: Program, name: string): Promise<void> {
  const seconds = () => statisticsLines(watch).filter(({ from, fps }) => from === name && fps > 0).length;
  for (const endMs = Date.now() + PATIENCE_MS; seconds() < SECONDS_SEEN; await delay(50)) {
    if (Date.now() > endMs) throw new Error(`${name} was not seen: ${watch.said}`);
  }
}

/** Waits until there are bytes enough on topics of sound (a) or pictures (v) to say something of them. */
async function carries(tap: WireTap, { from, kind }: { from: number; kind: string }): Promise<void> {
  const bytes = () =>
    tap
      .published(from)
      .filter(({ topic }) => topic.split("/")[4] === kind)
      .reduce((sum, { payload }) => sum + payload.length, 0);
  for (const endMs = Date.now() + PATIENCE_MS; bytes() < CARRIED_BYTES; await delay(500)) {
    if (Date.now() > endMs) throw new Error(`Only ${bytes()} bytes on topics of ${kind}.`);
  }
}

function filesIn(folder: string): Buffer[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}
