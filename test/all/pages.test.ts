// The built pages in a real browser where they do not lie at the root of their own server, or lose it for a while.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { acceptWebSockets, Broker } from "@mqtt-meet/broker";
import { formatMeetingLink, newMeetingLink, parseMeetingLink } from "@mqtt-meet/protocol";
import { joinRoom } from "@mqtt-meet/sdk/node";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { mqttMeet } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith } from "../support/requirements.ts";
import { serveFolder } from "../support/serve-folder.ts";
import { LINK_PATTERN } from "../support/start-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Nothing is timed here: what does not come within this does not come. */
const WITHIN = { timeout: 60_000 };

/** How many pictures of others a page has decoded and shown. */
function picturesShown(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { mqttMeet: meeting } = globalThis as unknown as { mqttMeet?: { room: { statistics: { value: unknown } } } };
    const statistics = meeting?.room.statistics.value as
      | { tracks: Map<string, { direction: string; kind: string; frames: number }> }
      | undefined;
    const others = [...(statistics?.tracks.values() ?? [])].filter(
      ({ direction, kind }) => direction === "in" && kind === "video",
    );
    return others.reduce((sum, { frames }) => sum + frames, 0);
  });
}

/** Resolves when `page` shows new pictures of somebody else. */
async function sees(page: Page): Promise<void> {
  const before = await picturesShown(page);
  await expect.poll(() => picturesShown(page), WITHIN).toBeGreaterThan(before + 5);
}

describeWith(["Chromium"], "the pages", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Two people come to a meeting and see each other. Returns their pages. */
  async function meet(link: string): Promise<readonly [Page, Page]> {
    const pages = [await browser.newPage(), await browser.newPage()] as const;
    await joinMeeting(pages[0], { link, name: "Ada" });
    await joinMeeting(pages[1], { link, name: "Bo" });
    for (const page of pages) await sees(page);
    return pages;
  }

  test("on any web space they meet over a broker that the link names, which knows nothing of them (L1)", async () => {
    const everything = { mayPublish: () => true, maySubscribe: () => true, maxQos: 2 as const };
    using broker = new Broker({ authenticate: ({ clientId }) => ({ identity: clientId, ...everything }) });
    const acceptor = acceptWebSockets(broker, { allowOrigin: () => true });
    const server = createServer().on("upgrade", acceptor.handleUpgrade).listen(0, "127.0.0.1");
    await using space = await serveFolder(join(projectRoot, "apps/web/dist"));
    const { port } = server.address() as AddressInfo;
    const link = { ...newMeetingLink(space.url, "standup"), brokers: [`ws://localhost:${port}/mqtt`] as const };
    const pages = await meet(formatMeetingLink(link));
    // What they would send to others leads to the same broker.
    const invited = await pages[0].evaluate(() => globalThis.location.href);
    expect(parseMeetingLink(invited)).toMatchObject({ site: space.url, brokers: link.brokers });
    for (const page of pages) await page.close();
    server.closeAllConnections();
    server.close();
  });

  test("below a path they are found, begin a meeting there, and meet (L1)", async () => {
    const port = await freePort();
    await using program = mqttMeet(["serve", "--port", `${port}`, "--mqtt-port", "0", "--base-path", "/tools/meet"]);
    const [link] = await program.says(LINK_PATTERN);
    expect(link).toMatch(/^http:\/\/localhost:\d+\/tools\/meet\/r\//);
    const home = await browser.newPage();
    await home.goto(`http://localhost:${port}/tools/meet/`);
    await home.getByRole("button", { name: "Start a meeting" }).click();
    await home.waitForURL(/\/tools\/meet\/r\/[^/]+#1\./, WITHIN);
    await home.close();
    for (const page of await meet(link)) await page.close();
  });

  test("when their server was away they come back by themselves, and say so meanwhile", async () => {
    const [port, mqttPort] = [await freePort(), await freePort()];
    const start = async () => {
      const program = mqttMeet(["serve", "--port", `${port}`, "--mqtt-port", `${mqttPort}`]);
      const [link] = await program.says(LINK_PATTERN);
      return { program, link };
    };
    const { program, link } = await start();
    const pages = await meet(link);
    await program[Symbol.asyncDispose]();
    for (const page of pages)
      await page
        .getByText(/Connection lost|Connecting/)
        .first()
        .waitFor(WITHIN);
    await using again = (await start()).program;
    expect(again.running).toBe(true);
    for (const page of pages) await sees(page);
    for (const page of pages) {
      await expect.poll(() => page.getByText(/Connection lost/).count(), WITHIN).toBe(0);
      await page.close();
    }
  });

  test("with an invitation they show what it permits, and say so when a host ends it (K11, A16)", async () => {
    using folder = temporaryFolder();
    const key = join(folder.path, "meet.pem");
    const port = await freePort();
    const invite = async (role: string) => {
      const args = ["--room", "standup", "--site", `http://localhost:${port}`, "--role", role, "--key", key];
      await using program = mqttMeet(["token", "invite", ...args]);
      await program.end();
      return program.stdout.trim();
    };
    const [asHost, asViewer, asMember] = [await invite("host"), await invite("viewer"), await invite("member")];
    await using server = mqttMeet(["serve", "--port", `${port}`, "--mqtt-port", "0", "--token-key", key]);
    await server.says(LINK_PATTERN);
    const [viewer, member] = [await browser.newPage(), await browser.newPage()];
    await joinMeeting(member, { link: asMember, name: "Bo" });
    await joinMeeting(viewer, { link: asViewer, name: "Ada" });
    await sees(viewer);
    expect(await viewer.getByRole("button", { name: /camera|microphone|share/i }).count()).toBe(0);
    expect(await member.getByRole("button", { name: /the camera/i }).count()).toBeGreaterThan(0);
    await using host = await joinRoom(asHost, { name: "Cleo", kind: "bot" });
    await expect.poll(() => host.participants.value.map(({ name }) => name).sort(), WITHIN).toEqual(["Ada", "Bo"]);
    const ada = host.participants.value.find(({ name }) => name === "Ada");
    await host.remove(ada?.peer ?? "");
    await viewer.getByText("A host has removed you from this meeting.").waitFor(WITHIN);
    await viewer.reload();
    await viewer.getByRole("textbox", { name: /name/i }).fill("Ada");
    await viewer.getByRole("button", { name: /^join/i }).click();
    await viewer.getByText("The server does not let you into this room.").waitFor(WITHIN);
    expect(await member.getByRole("button", { name: /leave/i }).count()).toBe(1);
    for (const page of [viewer, member]) await page.close();
  });
});
