// Another background behind a person of flesh and blood, in the built page under the server's own policy.
import type { Browser, Page } from "playwright";
import { expect, test } from "vitest";
import { ffmpeg, made, REAL_CLIP } from "../support/clips.ts";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { type Server, startServer } from "../support/start-server.ts";

/** The library is two megabytes, and a machine that others share compiles it slowly. */
const WITHIN = { timeout: 240_000 };

/** The man in the corner of the clip, in front of a shelf and a lamp, as his camera gave him. */
function person(): Promise<string> {
  return made("person-640x480.mjpeg", (path) =>
    ffmpeg([
      ...["-i", REAL_CLIP, "-an", "-vf", "crop=252:189:115:84,scale=640:480", "-r", "30", "-frames:v", "150"],
      ...["-c:v", "mjpeg", "-q:v", "3", "-huffman", "optimal", "-f", "mjpeg", path],
    ]),
  );
}

interface Sharpness {
  /** The shelf behind the man. */
  readonly room: number;
  /** Eyes, nose and mouth: he moves little. */
  readonly face: number;
}

/** How sharp the largest picture on a page is: how much neighbouring pixels differ. Undefined: there is none. */
function sharpness(page: Page): Promise<Sharpness | undefined> {
  return page.evaluate(() => {
    const shown = [...document.querySelectorAll("video")].filter((video) => video.videoWidth > 0);
    const [video] = shown.sort((a, b) => b.clientWidth - a.clientWidth);
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    if (!video || !context) return undefined;
    context.drawImage(video, 0, 0, 640, 480);
    const of = (x: number, y: number, width: number, height: number) => {
      const { data } = context.getImageData(x, y, width, height);
      let sum = 0;
      for (let i = 0; i + 4 < data.length; i += 4) sum += Math.abs((data[i + 5] ?? 0) - (data[i + 1] ?? 0));
      return sum / (width * height);
    };
    return { room: of(95, 130, 60, 250), face: of(220, 130, 120, 130) };
  });
}

/** The first picture that shows something, as it was looked at: a second look may fall between two pictures. */
async function shown(page: Page): Promise<Sharpness> {
  let seen: Sharpness | undefined;
  await expect
    .poll(async () => {
      seen = await sharpness(page);
      return seen?.face ?? 0;
    }, WITHIN)
    .toBeGreaterThan(1);
  if (!seen) throw new Error("A page shows no picture.");
  return seen;
}

/** Chooses what stands behind, as a person does. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Choose a camera" }).click();
  await page.getByRole("menuitemradio", { name }).click();
}

const OWN = 'video[aria-label^="Your picture"]';

describeWith(["Chromium", "ffmpeg", "the sample clips"], "another background", () => {
  async function inBrowser(use: (browser: Browser, server: Server) => Promise<void>): Promise<void> {
    const camera = await person();
    await using server = await startServer();
    const browser = await launchChromium({ args: [`--use-file-for-fake-video-capture=${camera}`] });
    try {
      await use(browser, server);
    } finally {
      await browser.close();
    }
  }

  test("blurs the room and not the person, for oneself and for the others, and stays chosen", async () => {
    await inBrowser(async (browser, { link }) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(link);
      await page.locator(OWN).waitFor(WITHIN);
      const before = await shown(page);
      expect(before.room).toBeGreaterThan(2);
      await choose(page, "Blurred");
      // A picture comes back, and not one of them is as it was.
      await expect.poll(() => sharpness(page), WITHIN).toBeUndefined();
      const after = await shown(page);
      expect(after.room).toBeLessThan(0.4 * before.room);
      expect(after.face).toBeGreaterThan(0.5 * before.face);
      await page.reload();
      await joinMeeting(page, { link, name: "Ada" });
      const other = await (await browser.newContext()).newPage();
      await joinMeeting(other, { link, name: "Bo" });
      await other.getByRole("button", { name: "Turn the camera off" }).click();
      expect((await shown(other)).room).toBeLessThan(0.4 * before.room);
    });
  });

  test("where it cannot be made, the camera gives nothing and says why, until one wants to be seen as one is", async () => {
    await inBrowser(async (browser, { link }) => {
      const page = await (await browser.newContext()).newPage();
      // The heart of the library does not come.
      await page.context().route(/selfie_segmentation.*\.wasm$/, (route) => route.abort());
      await page.goto(link);
      await page.locator(OWN).waitFor(WITHIN);
      await choose(page, "Hills");
      await page.getByText("Your background could not be made, so your camera is off.").waitFor(WITHIN);
      expect(await page.locator("video").count()).toBe(0);
      await page.reload();
      await page.getByText("Your background could not be made, so your camera is off.").waitFor(WITHIN);
      expect(await page.locator("video").count()).toBe(0);
      await choose(page, "As it is");
      await expect.poll(async () => (await sharpness(page))?.room ?? 0, WITHIN).toBeGreaterThan(2);
    });
  });
});
