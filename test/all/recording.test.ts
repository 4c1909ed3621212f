import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Download, Page } from "playwright";
import { expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PATIENT = { timeout: 60_000 };
/** So much is recorded. */
const RECORDED_MS = 8_000;

async function openPage(context: BrowserContext, name: string, link: string): Promise<Page> {
  const page = await context.newPage();
  await joinMeeting(page, { link, name });
  return page;
}

async function startRecording(page: Page): Promise<void> {
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Record the meeting" }).click();
  await page.getByText("You are recording").waitFor(PATIENT);
}

/** What ffprobe says of a file, and what ffmpeg has to complain about when it plays it to the end. */
function examine(path: string) {
  const entries = "stream=codec_type,codec_name,width,height:format=duration";
  const probe = spawnSync("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "json", path], {
    encoding: "utf8",
  });
  const play = spawnSync("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"], { encoding: "utf8" });
  const { streams, format } = JSON.parse(probe.stdout) as {
    streams: { codec_type: string; width?: number; height?: number }[];
    format: { duration: string };
  };
  const video = streams.find(({ codec_type }) => codec_type === "video");
  const kinds = streams.map(({ codec_type }) => codec_type).toSorted();
  return { kinds, size: [video?.width, video?.height], durationS: Number(format.duration), complaints: play.stderr };
}

/** How loud the whole of a file is, in dB below full scale; silence is far below -80. */
function loudnessDb(path: string): number {
  const { stderr } = spawnSync("ffmpeg", ["-i", path, "-af", "volumedetect", "-f", "null", "-"], { encoding: "utf8" });
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1] ?? -200);
}

async function saved(download: Download, folder: string): Promise<string> {
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

describeWith(["ffmpeg", "Chromium"], "a recording of a meeting", () => {
  test("is seen by everybody, and saved as a file that plays to its end", async () => {
    using folder = temporaryFolder();
    await using server = await startServer();
    await using browser = await launchChromium();
    const permissions = ["camera", "microphone"];
    const context = await browser.newContext({ permissions, locale: "en-US", acceptDownloads: true });
    const anna = await openPage(context, "Anna", server.link);
    const bo = await openPage(context, "Bo", server.link);
    await startRecording(anna);
    await bo.getByText("Anna is recording").waitFor(PATIENT);
    await anna.waitForTimeout(RECORDED_MS);
    const downloading = anna.waitForEvent("download", PATIENT);
    await anna.getByRole("button", { name: "Stop and save" }).click();
    const path = await saved(await downloading, folder.path);
    await bo.getByText("Anna is recording").waitFor({ ...PATIENT, state: "hidden" });
    const { kinds, size, durationS, complaints } = examine(path);
    expect(complaints).toBe("");
    expect(kinds).toEqual(["audio", "video"]);
    expect(size).toEqual([1280, 720]);
    expect(durationS).toBeGreaterThan((RECORDED_MS / 1000) * 0.5);
    expect(loudnessDb(path), "the fake microphones beep").toBeGreaterThan(-60);
  });

  test("of a page that crashed is offered on the home page, and plays as far as it came", async () => {
    using folder = temporaryFolder();
    await using server = await startServer();
    await using browser = await launchChromium();
    const permissions = ["camera", "microphone"];
    const context = await browser.newContext({ permissions, locale: "en-US", acceptDownloads: true });
    const anna = await openPage(context, "Anna", server.link);
    await startRecording(anna);
    await anna.waitForTimeout(RECORDED_MS);
    const crashed = anna.waitForEvent("crash", PATIENT);
    void anna.goto("chrome://crash").catch(() => undefined); // it never comes to its end
    await crashed;
    const home = await context.newPage();
    await home.goto(new URL("/", server.link).href);
    await home.getByText("Unsaved recordings").waitFor(PATIENT);
    const downloading = home.waitForEvent("download", PATIENT);
    await home.getByRole("button", { name: "Save" }).click();
    const path = await saved(await downloading, folder.path);
    expect(statSync(path).size).toBeGreaterThan(20_000);
    const { kinds, durationS } = examine(path);
    expect(kinds).toEqual(["audio", "video"]);
    expect(durationS).toBeGreaterThan((RECORDED_MS / 1000) * 0.3);
    await home.reload();
    await home.getByRole("button", { name: /start a meeting/i }).waitFor(PATIENT);
    expect(await home.getByText("Unsaved recordings").count()).toBe(0);
  });
});
