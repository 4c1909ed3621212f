// Host commands with the built pages: the key made on one page, signed in its worker, obeyed by another page and a program.
import { parseMeetingLink } from "@mqtt-meet/protocol";
import { joinRoom } from "@mqtt-meet/sdk/node";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

/** Nothing is timed here: what does not come within this does not come. */
const WITHIN = { timeout: 60_000 };

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });

/** Starts a meeting on the page of this port, as a person does. Returns its link. */
async function startMeeting(page: Page, port: number): Promise<string> {
  await page.goto(`http://localhost:${port}/`);
  await page.getByRole("button", { name: "Start a meeting" }).click();
  await page.waitForURL(/\/r\/[^/]+#1\.[\w-]{43}\.[\w-]{22}$/, WITHIN);
  return page.url();
}

describeWith(["Chromium"], "the host of a meeting that was started in a page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("mutes, removes and ends, also after a reload, and the others obey (H1 to H5)", {
    timeout: 180_000,
  }, async () => {
    await using server = await startServer();
    const [ada, bo] = [await browser.newPage(), await browser.newPage()];
    const link = await startMeeting(ada, server.port);
    expect(parseMeetingLink(link).host).toHaveLength(22);
    await ada.reload();
    await joinMeeting(ada, { link, name: "Ada" });
    await joinMeeting(bo, { link, name: "Bo" });
    await using cleo = await joinRoom(link, { name: "Cleo", kind: "bot" });
    expect(cleo.host.value).toMatchObject({ named: true, own: false });
    await expect(cleo.command({ command: "end" })).rejects.toMatchObject({ code: "not-authorized" });

    await ada.getByRole("button", { name: /^People/ }).click();
    const ask = async (what: string) => {
      await button(ada, "What you can ask of Bo").click(WITHIN);
      await ada.getByRole("menuitem", { name: what }).click(WITHIN);
    };
    const marks = ada
      .getByRole("listitem")
      .filter({ hasText: "Bo" })
      .getByRole("img", { name: /^Microphone: / });
    await expect.poll(() => marks.getAttribute("aria-label"), WITHIN).toContain("✓");
    await ask("Mute Bo");
    await bo.getByText(/^The host muted you/).waitFor(WITHIN);
    await expect.poll(() => marks.getAttribute("aria-label"), WITHIN).toContain("✗");
    await bo.getByRole("button", { name: "Turn the microphone on" }).click();
    await expect.poll(() => marks.getAttribute("aria-label"), WITHIN).toContain("✓");
    const acts = () => cleo.host.value.acts.map(({ command, targetName }) => [command, targetName]);
    await expect.poll(acts, WITHIN).toEqual([["mute", "Bo"]]);

    await ask("Remove Bo");
    await button(ada, "Remove").click();
    await bo.getByText("A host has removed you from this meeting.").waitFor(WITHIN);
    await expect.poll(() => cleo.participants.value.map(({ name }) => name), WITHIN).toEqual(["Ada"]);
    // Whoever has the link may come again, for everybody to see.
    await bo.goto("about:blank");
    await joinMeeting(bo, { link, name: "Bo" });
    await expect.poll(() => cleo.participants.value.map(({ name }) => name), WITHIN).toEqual(["Ada", "Bo"]);

    await ada.getByRole("button", { name: "More", exact: true }).click();
    await ada.getByRole("menuitem", { name: "End for everybody" }).click();
    await button(ada, "End for everybody").click();
    await bo.getByText("The host has ended the meeting for everybody.").waitFor(WITHIN);
    await expect
      .poll(() => cleo.connection.value, WITHIN)
      .toMatchObject({ status: "closed", error: { code: "ended" } });
    await ada.getByText("You left the meeting").waitFor(WITHIN);
    for (const page of [ada, bo]) await page.close();
  });

  test("hands the role over, everybody sees to whom, and takes it back (H6 to H9)", { timeout: 300_000 }, async () => {
    await using server = await startServer();
    const [ada, bo] = [await browser.newPage(), await browser.newPage()];
    const link = await startMeeting(ada, server.port);
    await joinMeeting(ada, { link, name: "Ada" });
    await joinMeeting(bo, { link, name: "Bo" });
    await using cleo = await joinRoom(link, { name: "Cleo", kind: "bot" });
    const hosts = (room: typeof cleo) => () =>
      room.host.value.hosts.map((peer) => room.participants.value.find((each) => each.peer === peer)?.name);
    await expect.poll(hosts(cleo), WITHIN).toEqual(["Ada"]);

    await ada.getByRole("button", { name: /^People/ }).click(WITHIN);
    await button(ada, "What you can ask of Bo").click(WITHIN);
    await ada.getByRole("menuitem", { name: "Hand the meeting over to Bo" }).click(WITHIN);
    await button(ada, "Hand over").click(WITHIN);
    await expect.poll(hosts(cleo), WITHIN).toEqual(["Bo"]);
    await bo.getByText("You are the host of this meeting now.").waitFor(WITHIN);
    // Who comes later learns it from what is retained.
    await using dan = await joinRoom(link, { name: "Dan", kind: "bot" });
    await expect.poll(hosts(dan), WITHIN).toEqual(["Bo"]);

    await bo.getByRole("button", { name: /^People/ }).click(WITHIN);
    await button(bo, "What you can ask of Dan").click(WITHIN);
    await bo.getByRole("menuitem", { name: "Remove Dan" }).click(WITHIN);
    await button(bo, "Remove").click(WITHIN);
    await expect.poll(() => dan.connection.value, WITHIN).toMatchObject({ error: { code: "removed" } });

    await button(ada, "What you can ask of Bo").click(WITHIN);
    await ada.getByRole("menuitem", { name: "Take the host's role back from Bo" }).click(WITHIN);
    await bo.getByText("You are no longer the host of this meeting.").waitFor(WITHIN);
    await expect.poll(hosts(cleo), WITHIN).toEqual(["Ada"]);
    for (const page of [ada, bo]) await page.close();
  });
});
