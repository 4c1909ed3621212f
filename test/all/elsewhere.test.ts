// Meetings in pages of another origin: the pages of examples/, on a web space of their own, with the policies that they carry.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Frame, Page } from "playwright";
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { mqttMeet } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith } from "../support/requirements.ts";
import { serveFolder, type WebSpace } from "../support/serve-folder.ts";
import { LINK_PATTERN } from "../support/start-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const examples = join(projectRoot, "examples");

/** What does not come within this does not come. */
const WITHIN = { timeout: 60_000 };

/** Serves meetings at `port`, and lets pages of `origins` show them. */
async function serve(port: number, origins: readonly string[]) {
  const allow = origins.length === 0 ? [] : ["--allow-origin", ...origins];
  const program = mqttMeet(["serve", "--port", `${port}`, "--mqtt-port", "0", ...allow]);
  const [link] = await program.says(LINK_PATTERN);
  return { program, link };
}

/** A web space with the examples as they are, but for the port of the meetings' server. */
async function openSpace(port: number): Promise<WebSpace> {
  const folder = temporaryFolder();
  for (const name of readdirSync(examples)) {
    const text = readFileSync(join(examples, name), "utf8").replaceAll("localhost:8080", `localhost:${port}`);
    writeFileSync(join(folder.path, name), text);
  }
  const space = await serveFolder(folder.path);
  const close = async () => {
    await space[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  return { url: space.url, [Symbol.asyncDispose]: close };
}

async function open(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ locale: "en-GB" });
  await page.goto(url);
  return page;
}

/** How many pictures the video of a page or frame has shown. */
const shown = (place: Page | Frame) =>
  place
    .locator("video")
    .first()
    .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);

describeWith(["Chromium", "ffmpeg"], "a page of another origin", () => {
  test("shows a participant's picture, the whole meeting, or says in a sentence why not", async () => {
    const port = await freePort();
    await using space = await openSpace(port);
    const { program, link } = await serve(port, [space.url]);
    await using _server = program;
    await using _camera = mqttMeet(["publish", link, "--source", "test", "--name", "Door", "--json"]);
    const browser = await launchChromium();
    try {
      const view = await open(browser, `${space.url}/view.html#${link}`);
      await expect.poll(() => view.locator("#state").textContent(), WITHIN).toBe("showing");
      await expect.poll(() => shown(view), WITHIN).toBeGreaterThan(5);
      expect(await view.evaluate(() => crossOriginIsolated)).toBe(false);

      // The room opens with its lobby; the frame goes straight in, and its options are in no request.
      const addresses: string[] = [];
      const room = await open(browser, `${space.url}/room.html#${link}`);
      await expect.poll(() => room.locator("#state").textContent(), WITHIN).toBe("lobby");
      const inside = room.frames().find((frame) => frame.url().startsWith(`http://localhost:${port}/r/`));
      expect(await inside?.getByRole("textbox", { name: /name/i }).inputValue()).toBe("Visitor");
      expect(await inside?.evaluate(() => document.documentElement.dataset["theme"])).toBe("light");

      const framed = await open(browser, `${space.url}/frame.html#${link}`);
      framed.on("request", (request) => addresses.push(request.url()));
      await framed.reload();
      await expect.poll(() => framed.locator("#state").textContent(), WITHIN).toBe("meeting");
      const meeting = framed.frames().find((frame) => frame.url().startsWith(`http://localhost:${port}/r/`));
      expect(meeting).toBeDefined();
      if (meeting) await expect.poll(() => shown(meeting), WITHIN).toBeGreaterThan(5);
      expect(addresses.filter((address) => new URL(address).hash === "" && /Visitor|join/.test(address))).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test("that is not allowed says so, and whose framed page does not show", async () => {
    const port = await freePort();
    await using space = await openSpace(port);
    const { program, link } = await serve(port, ["https://blog.example"]);
    await using _server = program;
    const browser = await launchChromium();
    try {
      for (const name of ["view", "room"]) {
        const page = await open(browser, `${space.url}/${name}.html#${link}`);
        await expect.poll(() => page.locator("#state").textContent(), WITHIN).toBe("failed");
        const sentence = await page.locator(`mqtt-meet-${name} [role=status]`).textContent();
        expect(sentence).toContain(`--allow-origin ${space.url} does.`);
      }
      const framed = await browser.newPage();
      const refusal = framed.waitForEvent("console", {
        predicate: (message) => message.text().includes("frame-ancestors https://blog.example"),
        ...WITHIN,
      });
      await framed.goto(`${space.url}/frame.html#${link}`);
      await refusal;
      expect(await framed.frameLocator("#meeting").locator("#app").count()).toBe(0);
    } finally {
      await browser.close();
    }
  });
});
