import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createMeetingServer, type MeetingServer } from "@mqtt-meet/server";
import type { Browser, Page } from "playwright";
import { afterEach, expect, test } from "vitest";
import { launchChromium } from "../support/launch-chromium.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith } from "../support/requirements.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const web = join(projectRoot, "apps", "web");
const { version: PAGE } = JSON.parse(readFileSync(join(web, "package.json"), "utf8")) as { version: string };

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** The built page, on a server that says that it has this version. */
async function serverOf(version: string, port = 0): Promise<MeetingServer> {
  const { path: stateFolder, [Symbol.dispose]: remove } = temporaryFolder();
  cleanUps.push(remove);
  const server = await createMeetingServer({
    host: "127.0.0.1",
    port,
    webRoot: join(web, "dist"),
    stateFolder,
    version,
  });
  cleanUps.push(() => server.close());
  return server;
}

async function openPage(url: string): Promise<{ page: Page; loads: () => number }> {
  const browser: Browser = await launchChromium();
  cleanUps.push(() => browser.close());
  const page = await browser.newPage({ locale: "en-GB" });
  let count = 0;
  page.on("domcontentloaded", () => count++);
  await page.goto(url);
  return { page, loads: () => count };
}

const STUCK = "This page has another version than the server";
const RENEWED = "This page was older than the server.";

describeWith(["Chromium"], "a page of another version than its server", () => {
  test("is loaded again once, then says that it did not help; once the server is of its version, it says that it does", async () => {
    const server = await serverOf("9.9.9");
    const { page, loads } = await openPage(`http://localhost:${server.port}/`);
    await page.getByText(STUCK).waitFor();
    expect(loads()).toBe(2);
    await page.getByRole("button", { name: "Start a meeting" }).waitFor(); // it can be used all the same
    await server.close();
    await serverOf(PAGE, server.port);
    await page.getByRole("button", { name: "Load again" }).click();
    await page.getByText(RENEWED).waitFor();
    expect(loads()).toBe(3);
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.getByText(RENEWED).count()).toBe(0);
    await page.reload();
    await page.getByRole("button", { name: "Start a meeting" }).waitFor();
    await page.waitForLoadState("networkidle");
    expect([await page.getByText(RENEWED).count(), await page.getByText(STUCK).count(), loads()]).toEqual([0, 0, 4]);
  });
});
