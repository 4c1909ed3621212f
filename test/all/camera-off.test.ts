// Who turns a camera off closes it, in the built page: its light goes out.
import { expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

/** A machine that others share starts slowly. */
const WITHIN = { timeout: 120_000 };

describeWith(["Chromium"], "a camera that is turned off", () => {
  test("is closed wherever it was read, and comes back for the others", async () => {
    await using server = await startServer();
    const browser = await launchChromium();
    try {
      const [page, other] = await Promise.all([browser.newPage(), browser.newPage()]);
      await page.addInitScript(() => {
        const tracks: MediaStreamTrack[] = [];
        Object.assign(globalThis, { tracks });
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (constraints) => {
          const stream = await open(constraints);
          tracks.push(...stream.getVideoTracks());
          return stream;
        };
        const clone = MediaStreamTrack.prototype.clone;
        MediaStreamTrack.prototype.clone = function (this: MediaStreamTrack) {
          const made = clone.call(this);
          if (made.kind === "video") tracks.push(made);
          return made;
        };
      });
      const live = () =>
        page.evaluate(() => {
          const { tracks } = globalThis as unknown as { tracks: MediaStreamTrack[] };
          return tracks.filter(({ readyState }) => readyState === "live").length;
        });
      const pictures = () =>
        other.evaluate(() => [...document.querySelectorAll("video")].filter((video) => video.videoWidth > 0).length);
      await joinMeeting(page, { link: server.link, name: "Ada" });
      await joinMeeting(other, { link: server.link, name: "Bo" });
      await other.getByRole("button", { name: "Turn the camera off" }).click();
      await expect.poll(pictures, WITHIN).toBe(1);
      expect(await live()).toBe(2);
      await page.getByRole("button", { name: "Turn the camera off" }).click();
      await expect.poll(live, WITHIN).toBe(0);
      await expect.poll(pictures, WITHIN).toBe(0);
      await page.getByRole("button", { name: "Turn the camera on" }).click();
      await expect.poll(pictures, WITHIN).toBe(1);
      expect(await live()).toBe(2);
    } finally {
      await browser.close();
    }
  });
});
