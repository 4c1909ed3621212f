// Meetings of Chromium and Firefox, each with a camera and a microphone of its own; Firefox as it comes, and one that lacks a lot.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page as FirefoxPage } from "puppeteer-core";
import { expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { launchFirefox } from "../support/launch-firefox.ts";
import { describeWith } from "../support/requirements.ts";
import { startLoudspeaker } from "../support/start-loudspeaker.ts";
import { startServer } from "../support/start-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { VirtualDisplay } from "../support/virtual-display.ts";

/** What does not come within this does not come. */
const WITHIN = { timeout: 240_000, interval: 500 };
/** Two browsers that share a machine with others. */
const PATIENT = { timeout: 900_000 };
/** So slow that a machine which is busy with something else encodes all of it. */
const SLOW_CAMERA = { args: ["--use-fake-device-for-media-stream=fps=5"] };

/** Smaller than a camera's picture, and of another shape. */
const SCREEN = { widthPx: 800, heightPx: 600 };

/** As much of a page as both browsers' drivers have alike. */
interface AnyPage {
  evaluate(expression: string): Promise<unknown>;
  waitForSelector(selector: string, options: { timeout: number }): Promise<unknown>;
  click(selector: string): Promise<void>;
  readonly keyboard: { press(key: "c" | "m" | "Enter"): Promise<void>; type(words: string): Promise<void> };
}

/** What one page got of the other's tracks since it joined. */
interface Got {
  /** Pictures that were shown. */
  readonly pictures: number;
  /** Seconds of sound that were decoded. */
  readonly soundS: number;
  /** Seconds of pauses that were left out. */
  readonly silenceS: number;
  /** The loudest that it hears of anybody now, 0 to 1. */
  readonly level: number;
  /** What could not be decoded or decrypted. */
  readonly errors: number;
  /** How the pictures come. */
  readonly codecs: readonly string[];
}

/** Runs in a page. */
const GOT = `(() => {
  const { room } = globalThis.mqttMeet;
  const tracks = [...room.statistics.value.tracks.values()].filter((track) => track.direction === "in");
  const sum = (kind, count) =>
    tracks.filter((track) => track.kind === kind).reduce((sum, { counters }) => sum + count(counters), 0);
  const levels = room.participants.value.map(({ peer }) => room.levels.value.get(peer) ?? 0);
  return JSON.stringify({
    pictures: sum("video", (counters) => counters.framesRendered),
    soundS: sum("audio", (counters) =>
      counters.totalSamplesReceived - counters.concealedSamples - counters.silentSamples) / 48000,
    silenceS: sum("audio", (counters) => counters.silentSamples) / 48000,
    level: Math.max(0, ...levels),
    errors: tracks.reduce((sum, { counters }) => sum + counters.decoderErrors + counters.framesUndecryptable, 0),
    codecs: tracks.filter(({ kind }) => kind === "video").map(({ codec }) => codec),
  });
})()`;

/** The others by name, with "muted" for whose microphone is. Runs in a page. */
const OTHERS = `mqttMeet.room.participants.value
  .map(({ name, tracks }) => name + (tracks.some(({ kind, muted }) => kind === "audio" && muted) ? " muted" : ""))
  .join()`;

/** The largest picture of the page, 16 by 9 points as text; "" before there is one. Runs in a page. */
const PICTURE = `(() => {
  const [video] = [...document.querySelectorAll("video")]
    .filter((video) => video.videoWidth > 0)
    .sort((a, b) => b.clientWidth - a.clientWidth);
  if (!video || video.clientWidth < 300) return "";
  const context = new OffscreenCanvas(16, 9).getContext("2d");
  context.drawImage(video, 0, 0, 16, 9);
  return context.getImageData(0, 0, 16, 9).data.join();
})()`;

/** How large the pictures are that the page shows. Runs in a page. */
const SIZES =
  "[...document.querySelectorAll('video')].map((video) => video.videoWidth + 'x' + video.videoHeight).join()";

const LEAVE = "button[aria-label^='Leave']";
/** On the page after the meeting, which has the same address. */
const REJOIN = "[...document.querySelectorAll('button')].find(({ innerText }) => innerText === 'Rejoin').click()";
const CAMERA_MENU = "button[aria-label='Choose a camera']";
const CAMERA = "[role=menu]:popover-open [role=menuitemradio]";

const ask = async (page: AnyPage): Promise<Got> => JSON.parse(String(await page.evaluate(GOT))) as Got;

const others = (page: AnyPage) => page.evaluate(OTHERS);

const isEncrypted = (page: AnyPage) =>
  page.evaluate("(({ encrypted, ready }) => encrypted && ready)(mqttMeet.room.encryption.value)");

const text = (page: AnyPage) => page.evaluate("document.body.innerText");

/** Waits until the largest picture of the page is another than it was. */
async function pictureMoves(page: AnyPage): Promise<void> {
  await expect.poll(() => page.evaluate(PICTURE), WITHIN).not.toBe("");
  const first = await page.evaluate(PICTURE);
  await expect.poll(() => page.evaluate(PICTURE), WITHIN).not.toBe(first);
}

/** Waits until pictures move on the page and sound comes, none of it with an error. */
async function seesAndHears(page: AnyPage): Promise<void> {
  await expect.poll(async () => (await ask(page)).pictures, WITHIN).toBeGreaterThan(5);
  await expect.poll(async () => (await ask(page)).soundS, WITHIN).toBeGreaterThan(1);
  await expect.poll(async () => (await ask(page)).level, WITHIN).toBeGreaterThan(0);
  await pictureMoves(page);
  expect((await ask(page)).errors).toBe(0);
}

async function joinFirefox(page: FirefoxPage, { link, name }: { link: string; name: string }): Promise<void> {
  await page.goto(link, { waitUntil: "domcontentloaded", timeout: WITHIN.timeout });
  await passLobby(page, name);
}

/** Sees itself in the lobby, chooses a camera and joins, as a person does. */
async function passLobby(page: FirefoxPage, name: string): Promise<void> {
  await page.waitForSelector("form input", WITHIN);
  await pictureMoves(page);
  await page.click(CAMERA_MENU);
  await page.waitForSelector(CAMERA, WITHIN);
  await page.click(CAMERA);
  await expect.poll(() => page.evaluate(`document.querySelector("${CAMERA}") === null`), WITHIN).toBe(true);
  await pictureMoves(page);
  await page.type("form input", name);
  await page.keyboard.press("Enter");
  await page.waitForSelector(LEAVE, WITHIN);
}

/** A person who mutes with the key, and is seen to. */
async function mute(page: AnyPage, { seenBy, as }: { seenBy: AnyPage; as: string }): Promise<void> {
  await page.keyboard.press("m");
  await expect.poll(() => others(seenBy), WITHIN).toBe(as);
}

/** A person who opens the chat with its key and writes. */
async function write(page: AnyPage, words: string): Promise<void> {
  await page.keyboard.press("c");
  await page.waitForSelector("textarea", { timeout: WITHIN.timeout });
  await page.click("textarea");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

/** Files are saved into `folder` without a question. */
function savesInto(folder: string) {
  return {
    "browser.download.folderList": 2,
    "browser.download.dir": folder,
    "browser.helperApps.neverAsk.saveToDisk": "video/mp4,video/webm",
  };
}

/** A click as of a person, without which Firefox shares no screen. */
async function choose(page: FirefoxPage, words: string): Promise<void> {
  const selector = `::-p-xpath(//*[(self::button or @role='menuitem') and (@aria-label="${words}" or normalize-space()="${words}")])`;
  await (await page.waitForSelector(selector, { ...WITHIN, visible: true }))?.click();
}

/** Records for a moment; the file is in `folder`. */
async function record(page: FirefoxPage, { seenBy, folder }: { seenBy: AnyPage; folder: string }): Promise<void> {
  await choose(page, "More");
  await choose(page, "Record the meeting");
  await expect.poll(() => text(seenBy), WITHIN).toContain("Fox is recording");
  await expect.poll(() => text(page), WITHIN).toMatch(/\b0:(0[3-9]|[1-9])/);
  await choose(page, "Stop and save");
  await expect.poll(() => text(seenBy), WITHIN).not.toContain("Fox is recording");
  const saved = () => readdirSync(folder).filter((name) => /\.(mp4|webm)$/.test(name));
  await expect.poll(() => saved().length, WITHIN).toBe(1);
  // What a player has to complain about, which reads the file from its beginning to its end.
  const play = () => spawnSync("ffmpeg", ["-v", "error", "-i", join(folder, saved()[0] ?? ""), "-f", "null", "-"]);
  await expect.poll(() => String(play().stderr), WITHIN).toBe("");
}

/** Shares the screen until the other has it. */
async function share(page: FirefoxPage, { seenBy }: { seenBy: AnyPage }): Promise<void> {
  await choose(page, "Share screen");
  await expect.poll(() => seenBy.evaluate(SIZES), WITHIN).toContain(`${SCREEN.widthPx}x${SCREEN.heightPx}`);
  await choose(page, "Stop sharing");
  await expect.poll(() => seenBy.evaluate(SIZES), WITHIN).not.toContain(`${SCREEN.widthPx}x${SCREEN.heightPx}`);
}

/** Pictures of Firefox's page for whoever wants to look at them. */
async function keepPicture(page: FirefoxPage, name: string): Promise<void> {
  const folder = process.env["MQTT_MEET_PICTURES"];
  if (folder) await page.screenshot({ path: `${folder}/firefox-${name}.png` });
}

describeWith(["Chromium", "Firefox", "PulseAudio", "Xvfb", "ffmpeg"], "Chromium and Firefox", () => {
  test("meet: they see, hear and read each other, encrypted, and who left comes back", PATIENT, async () => {
    await using server = await startServer();
    await using speaker = await startLoudspeaker();
    await using display = await VirtualDisplay.open(SCREEN);
    using folder = temporaryFolder();
    const env = { ...speaker.env, DISPLAY: display.name };
    const opening = launchFirefox({ env, preferences: savesInto(folder.path) });
    const [firefox, chromium] = await Promise.all([opening, launchChromium(SLOW_CAMERA)]);
    try {
      const ada = await chromium.newPage({ locale: "en-GB" });
      await joinMeeting(ada, { link: server.link, name: "Ada" });
      const fox = await firefox.newPage();
      const troubles: unknown[] = [];
      fox.on("pageerror", (error) => troubles.push(error));
      await joinFirefox(fox, { link: server.link, name: "Fox" });
      for (const page of [ada, fox]) {
        await seesAndHears(page);
        expect(await isEncrypted(page)).toBe(true);
      }
      // What is silent between Chromium's beeps is not sent (F9).
      await expect.poll(async () => (await ask(fox)).silenceS, WITHIN).toBeGreaterThan(0);
      speaker.loudest();
      await expect.poll(() => speaker.loudest(), WITHIN).toBeGreaterThan(0.01);
      expect(await fox.evaluate("mqttMeet.room.audioBlocked.value")).toBe(false);
      await keepPicture(fox, "meeting");

      await mute(fox, { seenBy: ada, as: "Fox muted" });
      await mute(fox, { seenBy: ada, as: "Fox" });
      await mute(ada, { seenBy: fox, as: "Ada muted" });
      await write(fox, "Hello from Firefox");
      await write(ada, "Hello from Chromium"); // her chat is open from here on, and shows what came before
      await expect.poll(() => text(ada), WITHIN).toContain("Hello from Firefox");
      await expect.poll(() => text(fox), WITHIN).toContain("Hello from Chromium");
      await keepPicture(fox, "chat");

      await fox.keyboard.press("Escape"); // out of the field, where letters are words
      await record(fox, { seenBy: ada, folder: folder.path });
      await share(fox, { seenBy: ada });

      await fox.click(LEAVE);
      await expect.poll(() => others(ada), WITHIN).toBe("");
      await keepPicture(fox, "left");
      await fox.evaluate(REJOIN);
      await passLobby(fox, "");
      await expect.poll(() => others(ada), WITHIN).toBe("Fox");
      for (const page of [ada, fox]) await pictureMoves(page);
      expect(troubles).toEqual([]);
    } finally {
      await Promise.all([chromium.close(), firefox.close()]);
    }
  });

  test(
    "meet where Firefox has no loudspeaker and no WebCodecs: pictures are JPEG, and the page says what it lacks",
    PATIENT,
    async () => {
      await using server = await startServer();
      const preferences = { "dom.media.webcodecs.enabled": false, "media.cubeb.force_null_context": true };
      const [firefox, chromium] = await Promise.all([launchFirefox({ preferences }), launchChromium(SLOW_CAMERA)]);
      try {
        const ada = await chromium.newPage({ locale: "en-GB" });
        await joinMeeting(ada, { link: server.link, name: "Ada" });
        const fox = await firefox.newPage();
        await joinFirefox(fox, { link: server.link, name: "Fox" });
        expect(await fox.evaluate("typeof VideoDecoder")).toBe("undefined");
        for (const page of [ada, fox]) {
          await expect.poll(async () => (await ask(page)).codecs, WITHIN).toEqual(["jpeg"]);
          await expect.poll(async () => (await ask(page)).pictures, WITHIN).toBeGreaterThan(5);
          await pictureMoves(page);
        }
        await expect.poll(() => text(fox), WITHIN).toContain("This browser has no WebCodecs");
        await expect.poll(() => text(fox), WITHIN).toContain("The browser finds no loudspeaker");
        await keepPicture(fox, "without");
      } finally {
        await Promise.all([chromium.close(), firefox.close()]);
      }
    },
  );
});
