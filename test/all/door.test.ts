// The door of a token room with the built pages: a host's page, a guest's page, programs, and the server that enforces it.
import { join } from "node:path";
import type { DoorStanding } from "@mqtt-meet/sdk";
import { joinRoom } from "@mqtt-meet/sdk/node";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { mqttMeet, type Program } from "../support/program.ts";
import { describeWith } from "../support/requirements.ts";
import { LINK_PATTERN } from "../support/start-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Nothing is timed here: what does not come within this does not come. */
const WITHIN = { timeout: 60_000 };

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
const toggle = (page: Page, name: string) => page.getByRole("switch", { name, exact: true });

/** A server with token rooms, and invitations into one of them. */
interface TokenServer extends AsyncDisposable {
  invite(role: string): Promise<string>;
}

async function startTokenServer(): Promise<TokenServer> {
  const folder = temporaryFolder();
  const key = join(folder.path, "meet.pem");
  const port = await freePort();
  const invite = async (role: string) => {
    const args = ["--room", "standup", "--site", `http://localhost:${port}`, "--role", role, "--key", key];
    await using program = mqttMeet(["token", "invite", ...args]);
    await program.end();
    return program.stdout.trim();
  };
  await invite("member"); // the first one makes the key that the server reads
  const server: Program = mqttMeet(["serve", "--port", `${port}`, "--mqtt-port", "0", "--token-key", key]);
  await server.says(LINK_PATTERN);
  return {
    invite,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** Gives a name in the lobby and presses "Join", wherever that leads. */
async function knock(page: Page, name: string): Promise<void> {
  await page.getByRole("textbox", { name: /name/i }).fill(name, WITHIN);
  await page.getByRole("button", { name: /^join/i }).click(WITHIN);
}

/** A program at the door: what it is told, and whether it came in. */
function knockAsProgram(link: string, name: string) {
  const told: DoorStanding[] = [];
  const room = joinRoom(link, { name, kind: "bot", onStanding: (standing) => told.push(standing) });
  room.catch(() => undefined); // awaited later
  return { told, room };
}

describeWith(["Chromium"], "the door of a token room", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("people wait, are let in or turned away; a locked room stays shut, also for who reloads (D1 to D5, D8)", {
    timeout: 300_000,
  }, async () => {
    await using server = await startTokenServer();
    const [asHost, asBo, asTom, asCleo] = await Promise.all(["host", "member", "member", "member"].map(server.invite));
    const [ada, bo] = [await browser.newPage(), await browser.newPage()];
    await joinMeeting(ada, { link: asHost ?? "", name: "Ada" });
    await button(ada, /^People/).click();
    await button(ada, /^Lock, waiting room/).click();
    await toggle(ada, "Waiting room").click();
    await expect.poll(() => toggle(ada, "Waiting room").isChecked(), WITHIN).toBe(true);

    await bo.goto(asBo ?? "", WITHIN);
    await knock(bo, "Bo");
    await bo.getByText("Waiting for a host to let you in").waitFor(WITHIN);
    const tom = knockAsProgram(asTom ?? "", "Tom");
    await button(ada, "Turn Tom away").click(WITHIN);
    await button(ada, "Turn away").click(WITHIN);
    await expect(tom.room).rejects.toMatchObject({ code: "removed" });
    expect(tom.told).toEqual(["waiting"]);
    await button(ada, "Let Bo in").click(WITHIN);
    await bo.getByRole("toolbar").waitFor(WITHIN);
    await expect.poll(() => ada.getByRole("region", { name: "Waiting to be let in" }).count(), WITHIN).toBe(0);

    await toggle(ada, "Waiting room").click();
    await toggle(ada, "Lock the meeting").click();
    await bo.getByRole("button", { name: "Locked: nobody new comes in" }).waitFor(WITHIN);
    const cleo = knockAsProgram(asCleo ?? "", "Cleo");
    await expect.poll(() => cleo.told, WITHIN).toEqual(["locked"]);
    // Bo's invitation was inside, but not this visit of it.
    await bo.reload(WITHIN);
    await knock(bo, "Bo");
    await bo.getByText("Waiting for a host to let you in").waitFor(WITHIN);
    await button(ada, "Let Bo in").click(WITHIN);
    await bo.getByRole("toolbar").waitFor(WITHIN);
    expect(cleo.told).toEqual(["locked"]);
    await toggle(ada, "Lock the meeting").click();
    await using inside = await cleo.room;
    await expect.poll(() => inside.participants.value.map(({ name }) => name).sort(), WITHIN).toEqual(["Ada", "Bo"]);
    for (const page of [ada, bo]) await page.close();
  });

  test("who is muted by a host stays so until a host gives it back, and then speaks again by choice (D5 to D7)", {
    timeout: 300_000,
  }, async () => {
    await using server = await startTokenServer();
    const [asHost, asBo, asCleo] = await Promise.all(["host", "member", "member"].map(server.invite));
    const [ada, bo] = [await browser.newPage(), await browser.newPage()];
    await joinMeeting(ada, { link: asHost ?? "", name: "Ada" });
    await joinMeeting(bo, { link: asBo ?? "", name: "Bo" });
    await using cleo = await joinRoom(asCleo ?? "", { name: "Cleo", kind: "bot" });
    /** As Cleo sees it. */
    const mutedBo = () => {
      const tracks = cleo.participants.value.find(({ name }) => name === "Bo")?.tracks ?? [];
      return tracks.find(({ kind }) => kind === "audio")?.muted;
    };
    await expect.poll(mutedBo, WITHIN).toBe(false);
    await button(ada, /^People/).click();
    const decide = async (what: string) => {
      await button(ada, "What you decide for Bo").click(WITHIN);
      await ada.getByRole("menuitem", { name: what }).click(WITHIN);
    };
    await decide("Mute Bo and keep muted");
    await bo.getByText("A host has muted you").waitFor(WITHIN);
    await expect.poll(mutedBo, WITHIN).toBe(true);
    expect([...cleo.door.value.rules.mutedPeers.values()]).toEqual([["microphone"]]);
    await button(bo, "Microphone: A host has muted you").click({ force: true });
    await bo.keyboard.press("m");
    expect(mutedBo()).toBe(true);
    await decide("Let Bo speak again");
    await bo.getByText("You may speak again").waitFor(WITHIN);
    expect(mutedBo()).toBe(true);
    await button(bo, "Turn the microphone on").click(WITHIN);
    await expect.poll(mutedBo, WITHIN).toBe(false);

    await button(ada, /^Lock, waiting room/).click();
    await button(ada, "Mute everybody else").click();
    await expect.poll(mutedBo, WITHIN).toBe(true);
    await button(bo, "Turn the microphone on").click(WITHIN);
    await expect.poll(mutedBo, WITHIN).toBe(false);
    for (const page of [ada, bo]) await page.close();
  });
});
