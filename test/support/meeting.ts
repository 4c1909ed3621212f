import { setTimeout as delay } from "node:timers/promises";
import type { Room } from "@mqtt-meet/sdk";
import type { Page } from "playwright";
import { CLIP_FPS, fakeDevices, REAL_SPEECH, stampedFile } from "./clips.ts";
import { installProbe, readProbe } from "./install-probe.ts";
import { joinMeeting } from "./join-meeting.ts";
import { launchChromium } from "./launch-chromium.ts";
import type { ProbeReport, Stamped } from "./probe/probe.ts";
import { mqttMeet } from "./program.ts";
import { startServer } from "./start-server.ts";
import { type StatisticsLine, statisticsLines } from "./statistics-lines.ts";

const SIZE = { widthPx: 640, heightPx: 360 };

/** Of the pages. Without a GPU, drawing larger ones takes more of a small machine than all of the meeting. */
const WINDOW = { width: 640, height: 480 };

/** Everybody's beep has a tone of its own, so that a listener can tell them apart. */
const BEEPS_HZ = { Anna: 3500, Bo: 5000, Clip: 6500 } as const;

/** After so long jitter buffers and lip-sync have settled. */
const SETTLE_MS = 5_000;

/** A flash and a beep of the same second are less than this apart; those of neighbouring seconds are more. */
const NEAR_MS = 480;

/** How one participant came through to another. */
export interface Reception {
  /** Frames decoded, of those that were captured in the same time. */
  readonly decoded: number;
  /** Different frames seen in the displayed pixels, of those that were captured in the same time. */
  readonly displayed: number;
  readonly freezesPerMinute: number;
  /** Packets of sound that arrived. */
  readonly soundPackets: number;
  /** Beeps heard, of the one sent in each second. */
  readonly beepsHeard: number;
  /** How much earlier the sound was than the picture, for every second in which both were noticed. */
  readonly skewsMs: readonly number[];
}

/** How everybody came through to everybody, by "from → to". */
export type Receptions = Readonly<Record<string, Reception>>;

/** What a meeting of two browsers, later joined by a file and a terminal, came to. */
export interface MeetingOutcome {
  /** While the browsers were alone. */
  readonly two: Receptions;
  /** With the file and the terminal. */
  readonly four: Receptions;
  /** What `watch --json` printed. */
  readonly watchLines: readonly StatisticsLine[];
  readonly watchStatus: number | null;
  readonly publishStatus: number | null;
}

/** How long each part of a meeting is measured. */
export interface MeetingTimes {
  readonly twoS: number;
  readonly fourS: number;
}

/**
 * Anna and Bo in browsers of their own, with camera and microphone; then "Clip" joins by `publish --source FILE`, and a
 * terminal by `watch --json`.
 */
export async function holdMeeting({ twoS, fourS }: MeetingTimes): Promise<MeetingOutcome> {
  const clipSeconds = Math.max(twoS, fourS) + 10; // longer than what is measured at once, so that numbers are unique in it
  const clipFrames = clipSeconds * CLIP_FPS;
  const clip = await stampedFile({ ...SIZE, seconds: clipSeconds, beepHz: BEEPS_HZ.Clip });
  await using server = await startServer();
  await using anna = await openGuest("Anna", clipSeconds);
  await using bo = await openGuest("Bo", clipSeconds);
  await joinMeeting(anna.page, { link: server.link, name: "Anna" });
  await joinMeeting(bo.page, { link: server.link, name: "Bo" });
  const guests = { Anna: anna, Bo: bo };
  const two = await measure(guests, { others: 1, seconds: twoS, clipFrames });
  await using publisher = mqttMeet(["publish", server.link, "--source", clip, "--loop", "--name", "Clip", "--json"]);
  await using watch = mqttMeet(["watch", server.link, "--to", "null", "--json"]);
  const four = await measure(guests, { others: 2, seconds: fourS, clipFrames });
  watch.signal("SIGINT");
  publisher.signal("SIGINT");
  const [watched, published] = [await watch.end(), await publisher.end()];
  return { two, four, watchLines: statisticsLines(watch), watchStatus: watched.code, publishStatus: published.code };
}

/** Waits until each page shows so many others, and some time more; then measures for some seconds. */
async function measure(
  guests: { readonly Anna: Guest; readonly Bo: Guest },
  { others, seconds, clipFrames }: { others: number; seconds: number; clipFrames: number },
): Promise<Receptions> {
  const both = [guests.Anna, guests.Bo] as const;
  await Promise.all(both.map((guest) => seesOthers(guest, others)));
  await delay(SETTLE_MS);
  const [annaBefore, boBefore] = await Promise.all([look(both[0]), look(both[1])]);
  await delay(seconds * 1000);
  const [annaAfter, boAfter] = await Promise.all([look(both[0]), look(both[1])]);
  const atAnna = { name: "Anna", before: annaBefore, after: annaAfter };
  const atBo = { name: "Bo", before: boBefore, after: boAfter };
  const fromClip =
    others > 1
      ? { "Clip → Anna": compare({ to: atAnna, clipFrames }), "Clip → Bo": compare({ to: atBo, clipFrames }) }
      : {};
  return {
    "Bo → Anna": compare({ from: atBo, to: atAnna, clipFrames }),
    "Anna → Bo": compare({ from: atAnna, to: atBo, clipFrames }),
    ...fromClip,
  };
}

interface Guest extends AsyncDisposable {
  readonly page: Page;
}

async function openGuest(name: "Anna" | "Bo", seconds: number): Promise<Guest> {
  const beepHz = BEEPS_HZ[name];
  const speech = name === "Bo" ? { speech: REAL_SPEECH } : {}; // the same words back would be taken for an echo
  const browser = await launchChromium({ devices: await fakeDevices({ ...SIZE, seconds, beepHz, ...speech }) });
  const context = await browser.newContext({
    permissions: ["camera", "microphone"],
    viewport: WINDOW,
    locale: "en-US",
  });
  await installProbe(context, { beepHz, beepsHz: Object.values(BEEPS_HZ) });
  return { page: await context.newPage(), [Symbol.asyncDispose]: () => browser.close() };
}

/** Waits until so many others than the page's own person are displayed. */
async function seesOthers({ page }: Guest, others: number): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    const { statistics } = await look({ page });
    const playing = [...statistics.values()].filter(({ video }) => (video["framesDecoded"] ?? 0) > 10);
    if (playing.length >= others) return;
    await delay(500);
  }
  throw new Error(`Two minutes after joining a page does not show ${others} others.`);
}

type Counters = Readonly<Record<string, number>>;

/** A page at one moment: what its probes noted, and the counters of the others' pictures and sound by the others' names. */
interface Look {
  readonly probe: ProbeReport;
  readonly statistics: ReadonlyMap<string, { peer: string; video: Counters; sound: Counters }>;
}

async function look({ page }: { page: Page }): Promise<Look> {
  // No function with a name in here: what runs this file may wrap it in one that the page does not know.
  const entries = await page.evaluate(() => {
    const { mqttMeet } = globalThis as unknown as { mqttMeet: { room: Room } | undefined };
    if (mqttMeet === undefined) throw new Error(`The page is not in the meeting: ${document.body.innerText}`);
    const { participants, statistics } = mqttMeet.room;
    return participants.value.map(({ name, peer, tracks }) => {
      const [video, sound] = (["video", "audio"] as const).map(
        (wanted) => statistics.value.tracks.get(tracks.find(({ kind }) => kind === wanted)?.key ?? "")?.counters,
      );
      return [name, { peer, video: video ?? {}, sound: sound ?? {} }] as const;
    });
  });
  return { probe: await readProbe(page), statistics: new Map(entries) };
}

interface Place {
  readonly name: string;
  readonly before: Look;
  readonly after: Look;
}

/** What came from one page (or, without it, from the clip) to another between two looks. */
function compare({ from, to, clipFrames }: { from?: Place; to: Place; clipFrames: number }): Reception {
  const sender = from?.name ?? "Clip";
  const { peer, video, sound } = to.after.statistics.get(sender) ?? { peer: "", video: {}, sound: {} };
  const before = to.before.statistics.get(sender);
  const [beganMs, endedMs] = [to.before.probe.nowMs, to.after.probe.nowMs];
  const during = (atMs: number) => atMs >= beganMs && atMs <= endedMs;
  const seen = to.after.probe.seen[peer] ?? { frames: [], flashes: [] };
  const shown = seen.frames.filter(({ atMs }) => during(atMs));
  const captured = span(from?.after.probe.captured.frames.filter(({ atMs }) => during(atMs)) ?? shown, clipFrames);
  const heard = (to.after.probe.heardMs[String(BEEPS_HZ[sender as keyof typeof BEEPS_HZ])] ?? []).filter(during);
  const counted = (counter: string) => (video[counter] ?? 0) - (before?.video[counter] ?? 0);
  const minutes = (endedMs - beganMs) / 60_000;
  return {
    decoded: counted("framesDecoded") / captured,
    displayed: new Set(shown.map(({ number }) => number)).size / captured,
    freezesPerMinute: counted("freezeCount") / minutes,
    soundPackets: (sound["packetsReceived"] ?? 0) - (before?.sound["packetsReceived"] ?? 0),
    beepsHeard: heard.length / (minutes * 60),
    skewsMs: skews({
      received: skewsBySecond(
        seen.flashes.filter(({ atMs }) => during(atMs)),
        heard,
      ),
      sent: sentSkews(from),
    }),
  };
}

/** How many frames a clip has from the first to the last of these, which are in order. A clip begins again at its end. */
function span(frames: readonly { number: number }[], clipFrames: number): number {
  let sum = 1;
  frames.forEach(({ number }, i) => {
    const step = number - (frames[i - 1]?.number ?? number);
    if (Math.abs(step) > clipFrames / 2) sum += step + (step < 0 ? clipFrames : -clipFrames);
    else sum += step;
  });
  return sum;
}

/** Flash minus beep by the second of the clip, for every flash with a beep beside it: positive when the sound is early. */
function skewsBySecond(flashes: readonly Stamped[], beepsMs: readonly number[]): Map<number, number> {
  const skews = new Map<number, number>();
  for (const { number, atMs } of flashes) {
    // The first frame of a flash may have been lost.
    const flashMs = atMs - ((number % CLIP_FPS) * 1000) / CLIP_FPS;
    const differences = beepsMs.map((beepMs) => flashMs - beepMs).filter((ms) => Math.abs(ms) < NEAR_MS);
    if (differences.length === 0) continue;
    skews.set(
      Math.floor(number / CLIP_FPS),
      differences.reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b)),
    );
  }
  return skews;
}

/**
 * The same at a page's own fake camera and microphone, which are not together, and drift apart when the machine is busy:
 * each goes on with its file from where it was. Undefined for a file, whose picture and sound are together.
 */
function sentSkews(place: Place | undefined): Map<number, number> | undefined {
  if (!place) return undefined;
  const { flashes, beepsMs } = place.after.probe.captured;
  return skewsBySecond(flashes, beepsMs);
}

/** How much of what was received was not there when it was sent. */
function skews({
  received,
  sent,
}: {
  received: ReadonlyMap<number, number>;
  sent: ReadonlyMap<number, number> | undefined;
}): number[] {
  return [...received].flatMap(([second, skewMs]) => {
    const sentMs = sent ? sent.get(second) : 0;
    return sentMs === undefined ? [] : [withinASecond(skewMs - sentMs)];
  });
}

/** Which beep belongs to a flash is known up to whole seconds only: the devices' own skew may be near half a second. */
function withinASecond(ms: number): number {
  return ms - 1000 * Math.round(ms / 1000);
}
