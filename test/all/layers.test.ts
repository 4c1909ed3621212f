import type { Room, TrackStatistics } from "@mqtt-meet/sdk";
import type { Browser, Page } from "playwright";
import { expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

/** A machine that others share may stand still for long: what is waited for comes or does not. */
const PATIENCE = { timeout: 150_000, interval: 500 };
/** So slow that also a machine which is busy with something else encodes all that is wanted. */
const CAMERA = "--use-fake-device-for-media-stream=fps=5";
const SMALL = { width: 320, height: 300 };
const LARGE = { width: 1280, height: 800 };

/** A page that sends what its devices give, or nothing, as it was left the last time. */
async function open(browser: Browser, viewport: typeof SMALL, settings: object): Promise<Page> {
  const context = await browser.newContext({ viewport, permissions: ["camera", "microphone"], locale: "en-US" });
  const stored = JSON.stringify({ microphoneOn: false, language: "en", ...settings });
  await context.addInitScript((text) => localStorage.setItem("mqtt-meet.settings", text), stored);
  return await context.newPage();
}

/** What a page knows of the camera of who is called Ada; of its own, on Ada's page. */
async function statisticsOf(page: Page): Promise<TrackStatistics | undefined> {
  return await page.evaluate(() => {
    const { room } = (globalThis as unknown as { mqttMeet: { room: Room } }).mqttMeet;
    const peer = room.participants.value.find(({ name }) => name === "Ada")?.peer ?? room.peer;
    return room.statistics.value.tracks.get(`${peer}/camera`);
  });
}

/** Which of Ada's layers have been encoded between two looks. */
async function encoded(page: Page): Promise<readonly boolean[]> {
  const frames = async () => (await statisticsOf(page))?.layers?.map(({ framesEncoded }) => framesEncoded) ?? [];
  const before = await frames();
  await page.waitForTimeout(2_500);
  return (await frames()).map((count, layer) => count > (before[layer] ?? 0));
}

/** The layer that is shown, and its height. */
async function shown(page: Page): Promise<readonly [number | undefined, number | undefined]> {
  const { layer, heightPx } = (await statisticsOf(page)) ?? {};
  return [layer, heightPx];
}

describeWith(["Chromium"], "a camera that is shown in a small and in a large tile", () => {
  test("comes in two sizes; what nobody sees is not encoded, and who leaves or wants sound only ends it (C8, R3)", async () => {
    await using server = await startServer();
    const browser = await launchChromium({ args: [CAMERA] });
    try {
      const [ada, bob, cem] = await Promise.all([
        open(browser, SMALL, { cameraOn: true }),
        open(browser, SMALL, { cameraOn: false }),
        open(browser, LARGE, { cameraOn: false }),
      ]);
      for (const [page, name] of [[ada, "Ada"] as const, [bob, "Bob"] as const, [cem, "Cem"] as const]) {
        await joinMeeting(page, { link: server.link, name });
      }
      await cem.keyboard.press("1"); // Ada came first
      await expect.poll(() => shown(bob), PATIENCE).toEqual([0, 180]);
      await expect.poll(() => shown(cem), PATIENCE).toEqual([2, 720]);
      await expect.poll(() => encoded(ada), PATIENCE).toEqual([true, false, true]);

      await cem.keyboard.press("1"); // as large as the others again, on a window of this size
      await expect.poll(() => shown(cem), PATIENCE).toEqual([1, 360]);
      await expect.poll(() => encoded(ada), PATIENCE).toEqual([true, true, false]);

      await cem.getByRole("button", { name: /leave/i }).click();
      await expect.poll(() => encoded(ada), PATIENCE).toEqual([true, false, false]);

      await bob.evaluate(() => {
        (globalThis as unknown as { mqttMeet: { room: Room } }).mqttMeet.room.setReception("sound-only");
      });
      await expect.poll(() => encoded(ada), PATIENCE).toEqual([false, false, false]);
    } finally {
      await browser.close();
    }
  });
});
