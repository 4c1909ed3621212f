// Somebody with a loudspeaker and a microphone in one room: what the others say does not come back to them.
import { expect, test } from "vitest";
import { Caller } from "../support/caller.ts";
import { REAL_CLIP, REAL_SPEECH } from "../support/clips.ts";
import { type EchoingRoom, startEchoingRoom } from "../support/echoing-room.ts";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { launchFirefox } from "../support/launch-firefox.ts";
import { describeWith } from "../support/requirements.ts";
import { likeness, SAMPLE_RATE, speechOf, usualDb } from "../support/speech.ts";
import { startServer } from "../support/start-server.ts";

/** What does not come within this does not come: two minutes of sound, and a machine that others share. */
const WITHIN = { timeout: 120_000, interval: 100 };
const LISTEN_MS = 5_400;

/** Loud enough at the microphone that it would be heard. */
const LOUD_DB = -45;
/** So much quieter the canceller has to make it. It takes 40 to 65 dB; every gap in the sound costs it some seconds. */
const GAIN_DB = 25;

/** So like itself is what is heard of a voice, whatever codecs and cancellers do to it; another voice has a quarter. */
const LIKE = 0.4;

/** Runs in a page before anything of it: a switch of its echo canceller, for microphones that are opened from then on. */
const SWITCH = `
  Object.assign(globalThis, { cancels: false, opened: 0 });
  if (navigator.mediaDevices) {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async ({ audio, ...others }) => {
      const echoCancellation = globalThis.cancels && audio?.echoCancellation;
      const stream = await open({ ...others, ...(audio && { audio: { ...audio, echoCancellation } }) });
      globalThis.opened += stream.getAudioTracks().length;
      return stream;
    };
  }`;

const MENU = "button[aria-label='Choose a microphone']";
const LINE = "[role=menu]:popover-open [role=menuitemradio]";

/** As much of a page as both browsers' drivers have alike. */
interface AnyPage {
  evaluate(expression: string): Promise<unknown>;
  waitForSelector(selector: string, options: { timeout: number }): Promise<unknown>;
  click(selector: string): Promise<void>;
}

/** Chooses a microphone, which opens it anew, or a loudspeaker: the last in the menu of that name. */
async function choose(page: AnyPage, name: string): Promise<void> {
  await page.click(MENU);
  await page.waitForSelector(LINE, WITHIN);
  await page.evaluate(
    `[...document.querySelectorAll("${LINE}")].findLast(({ innerText }) => innerText === "${name}").click()`,
  );
}

/** The echo canceller as the page wants it, for which it opens the microphone anew. */
async function cancel(page: AnyPage): Promise<void> {
  const before = Number(await page.evaluate("globalThis.cancels = true, opened"));
  await choose(page, "Microphone");
  await expect.poll(() => page.evaluate("opened"), WITHIN).toBe(before + 1);
}

/** How much louder the caller hears itself than the microphone hears it, in dB, while it speaks. */
async function echoDb({ room, caller }: Scene): Promise<number> {
  room.heard();
  const heard = await caller.listen(LISTEN_MS);
  const there = usualDb(room.heard());
  expect(there).toBeGreaterThan(LOUD_DB);
  return usualDb(heard) - there;
}

interface Scene {
  readonly room: EchoingRoom;
  readonly caller: Caller;
}

/** While the caller speaks, somebody in the room does, and again until it is heard: a gap in the sound makes two of a voice. */
async function isHeard(own: Float32Array, { room, caller }: Scene): Promise<void> {
  const say = async () => {
    room.speak(own);
    return likeness(await caller.listen((own.length / SAMPLE_RATE) * 1000 + 1_500), own);
  };
  await expect.poll(say, WITHIN).toBeGreaterThan(LIKE);
}

/** Waits until the canceller has found the echo, which it looks for anew after everything that was changed. */
async function isCancelled(scene: Scene, { withoutDb }: { readonly withoutDb: number }): Promise<void> {
  const found: number[] = [];
  const look = async () => {
    found.push(Math.round(await echoDb(scene)));
    return found.at(-1);
  };
  await expect.poll(look, WITHIN).toBeLessThan(withoutDb - GAIN_DB);
  if (process.env["MQTT_MEET_FIGURES"]) console.log(`Without ${Math.round(withoutDb)} dB, with ${found.join(", ")} dB`);
}

/** Lets a canceller that is off prove that it is needed here. */
async function echoWithout(scene: Scene): Promise<number> {
  let withoutDb = Number.NaN;
  await expect.poll(async () => (withoutDb = await echoDb(scene)), WITHIN).toBeGreaterThan(-10);
  return withoutDb;
}

/** Lets the page's canceller find the echo. How loud it is without, in dB. */
async function findsEcho(page: AnyPage, scene: Scene): Promise<number> {
  const withoutDb = await echoWithout(scene);
  await cancel(page);
  await isCancelled(scene, { withoutDb });
  return withoutDb;
}

describeWith(["Chromium", "PulseAudio", "ffmpeg", "the sample clips"], "the echo of the others in Chromium", () => {
  test("is taken out of the microphone on whichever loudspeaker they are heard, and one's own voice is not", async () => {
    const [speech, own] = [await speechOf(REAL_SPEECH, "debian"), await speechOf(REAL_CLIP, "hello")];
    await using room = await startEchoingRoom();
    await using server = await startServer();
    const browser = await launchChromium({ devices: "real", env: room.env });
    try {
      const page = await browser.newPage({ locale: "en-GB" });
      await page.addInitScript(SWITCH);
      await joinMeeting(page, { link: server.link, name: "Ada" });
      await using caller = await Caller.call(server.link, { name: "Bob", speech });
      const scene = { room, caller };
      const withoutDb = await findsEcho(page, scene);
      await choose(page, "Far");
      await isCancelled(scene, { withoutDb });
      await isHeard(own, scene);
    } finally {
      await browser.close();
    }
  });
});

describeWith(["Firefox", "PulseAudio", "ffmpeg", "the sample clips"], "the echo of the others in Firefox", () => {
  test("is taken out of the microphone also on devices of another rate than ours, and one's own voice is not", async () => {
    const [speech, own] = [await speechOf(REAL_SPEECH, "debian"), await speechOf(REAL_CLIP, "hello")];
    await using room = await startEchoingRoom({ rate: 44_100 });
    await using server = await startServer();
    const browser = await launchFirefox({ env: room.env, preferences: { "media.navigator.streams.fake": false } });
    try {
      const page = await browser.newPage();
      await page.evaluateOnNewDocument(SWITCH);
      await page.goto(server.link, { waitUntil: "domcontentloaded", timeout: WITHIN.timeout });
      await page.waitForSelector("form input", WITHIN);
      await page.type("form input", "Fox");
      await page.keyboard.press("Enter");
      await page.waitForSelector("button[aria-label^='Leave']", WITHIN);
      await using caller = await Caller.call(server.link, { name: "Bob", speech });
      const scene = { room, caller };
      await findsEcho(page, scene);
      await isHeard(own, scene);
    } finally {
      await browser.close();
    }
  });
});
