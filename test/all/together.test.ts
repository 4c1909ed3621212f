// What people do together, with the built page and a program over the real broker: who is inside, files in the chat, captions.
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { joinRoom } from "@mqtt-meet/sdk/node";
import { expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

/** Nothing is timed here: what does not come within this does not come. */
const WITHIN = { timeout: 60_000 };

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describeWith(["Chromium"], "a page and a program", () => {
  test("see each other from the lobby on, give each other files as they were, and read captions (M9, M10, R8)", {
    timeout: 180_000,
  }, async () => {
    await using server = await startServer();
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(server.link);
      await page.getByText("Nobody is inside yet.").waitFor(WITHIN);
      await using cleo = await joinRoom(server.link, { name: "Cleo", kind: "bot" });
      await page.getByText("Inside: Cleo").waitFor(WITHIN);
      expect(cleo.participants.value).toEqual([]);
      await joinMeeting(page, { link: server.link, name: "Ada" });
      const bytes = randomBytes(300_000);

      await page.getByRole("button", { name: /^Chat/ }).click();
      await page.locator("input[type=file]").setInputFiles({ name: "plan.bin", mimeType: "text/html", buffer: bytes });
      const offered = () => cleo.messages.value.find(({ file }) => file?.name === "plan.bin");
      await expect.poll(offered, WITHIN).toMatchObject({ name: "Ada", file: { sizeBytes: 300_000 } });
      const fetched = await cleo.fetchFile(offered()?.id ?? "");
      expect(sha256(new Uint8Array(await fetched.arrayBuffer()))).toBe(sha256(bytes));

      await cleo.sendFile(new Blob([bytes]), { name: "../back.html" });
      const downloading = page.waitForEvent("download", WITHIN);
      await page.getByRole("button", { name: "Save back.html" }).click(WITHIN);
      const download = await downloading;
      expect(download.suggestedFilename()).toBe("back.html");
      expect(sha256(await readFile(await download.path()))).toBe(sha256(bytes));
      await page.getByText(/300 kB · saved/).waitFor(WITHIN);

      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("menuitem", { name: "Show captions" }).click();
      await expect.poll(() => cleo.participants.value[0]?.wantsCaptions, WITHIN).toBe(true);
      // Shown for six seconds only: on a machine that stands still meanwhile, it is said again.
      let number = 0;
      const isShown = async () => {
        cleo.sendCaption({ number: ++number, text: "good morning" });
        await page.waitForTimeout(500);
        return page.getByText("good morning").isVisible();
      };
      await expect.poll(isShown, { ...WITHIN, interval: 500 }).toBe(true);

      await cleo.leave();
      await page.getByRole("button", { name: "Save back.html" }).waitFor({ ...WITHIN, state: "detached" });
      expect(page.context().pages()).toHaveLength(1);
    } finally {
      await browser.close();
    }
  });
});
