// Three people in the built page, over the real broker: one may not use any device, one's camera is pulled out, and all ask,
// answer, raise a hand and react.
import type { Browser, Page } from "playwright";
import { expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

/** Nothing is timed here: what does not come within this does not come. */
const WITHIN = { timeout: 120_000 };

/** A page of somebody, in whose browser the devices can be pulled out, or may not be used at all. */
async function openPage(browser: Browser, { allowed }: { readonly allowed: boolean }): Promise<Page> {
  const page = await browser.newPage({ locale: "en-GB", viewport: { width: 800, height: 600 } });
  await page.addInitScript((mayOpen) => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { tracks });
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (!mayOpen) throw new DOMException("The user said no.", "NotAllowedError");
      const stream = await open(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  }, allowed);
  return page;
}

/** As a browser tells it when the plug is drawn. */
function pullOutCamera(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { tracks } = globalThis as unknown as { tracks: MediaStreamTrack[] };
    const camera = tracks.findLast(({ kind, readyState }) => kind === "video" && readyState === "live");
    camera?.stop();
    camera?.dispatchEvent(new Event("ended"));
  });
}

/** How many pictures a page shows, of everybody but its own person. */
const pictures = (page: Page) =>
  page.evaluate(() => {
    const videos = document.querySelectorAll<HTMLVideoElement>("[data-peer]:not([data-kind=own]) video");
    return [...videos].filter((video) => video.getVideoPlaybackQuality().totalVideoFrames > 0).length;
  });

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

describeWith(["Chromium"], "three people", () => {
  test("of whom one may use no device, see, ask and answer each other, also when a camera is pulled out", {
    timeout: 400_000,
  }, async () => {
    await using server = await startServer();
    const browser = await launchChromium();
    try {
      const [ada, bo, cy] = await Promise.all([true, false, true].map((allowed) => openPage(browser, { allowed })));
      if (!ada || !bo || !cy) throw new Error("There are three pages.");
      await joinMeeting(ada, { link: server.link, name: "Ada" });
      await joinMeeting(cy, { link: server.link, name: "Cy" });
      await bo.goto(server.link);
      await bo.getByText("The browser does not let this page use the camera.").waitFor(WITHIN);
      await bo.getByText("The browser does not let this page use the microphone.").waitFor(WITHIN);
      await bo.getByText(/^Inside: (Ada and Cy|Cy and Ada)$/).waitFor(WITHIN);
      await bo.getByRole("textbox", { name: /name/i }).fill("Bo");
      await button(bo, "Join to watch and listen").click();
      await expect.poll(() => pictures(bo), WITHIN).toBe(2);
      await ada.getByRole("listitem", { name: /^Bo/ }).waitFor(WITHIN);

      await bo.keyboard.press("h");
      await ada.getByRole("listitem", { name: /^Bo.*hand raised/ }).waitFor(WITHIN);

      await button(ada, "More").click();
      await ada.getByRole("menuitem", { name: "Polls" }).click();
      await ada.getByRole("textbox", { name: "Question" }).fill("Tea?");
      await ada.getByRole("textbox", { name: "Answer 1" }).fill("yes");
      await ada.getByRole("textbox", { name: "Answer 2" }).fill("no");
      await button(ada, "Ask").click();
      for (const page of [bo, cy]) {
        await button(page, "More").click(WITHIN);
        await page.getByRole("menuitem", { name: "Polls" }).click();
        await page.getByRole("radio", { name: /^no/ }).click(WITHIN);
      }
      await ada.getByRole("radio", { name: "no: 2 votes" }).waitFor(WITHIN);

      // Shown for some seconds only: on a machine that stands still meanwhile, it is done again.
      const isSeen = async () => {
        await bo.keyboard.press("r");
        await bo.getByRole("menuitem", { name: "applause" }).click();
        return cy
          .getByText("Bo: applause")
          .waitFor({ state: "attached", timeout: 5_000 })
          .then(
            () => true,
            () => false,
          );
      };
      await bo.keyboard.press("Escape");
      await expect.poll(isSeen, WITHIN).toBe(true);

      await pullOutCamera(ada);
      await ada.getByText("The camera is gone.").waitFor(WITHIN);
      await expect.poll(() => pictures(bo), WITHIN).toBe(1);
      await button(ada, "Turn the camera on").click();
      await expect.poll(() => pictures(bo), WITHIN).toBe(2);
    } finally {
      await browser.close();
    }
  });
});
