/** @jsxImportSource preact */
import { linkRights, SdkError } from "@mqtt-meet/sdk/browser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { type FakeRoom, fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { en } from "../language/en.ts";
import { zh } from "../language/zh.ts";
import { keptHostKey, makeHostKey } from "../room/host-keys.ts";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

/** One person with microphone and camera on, one with nothing. */
function room({ own = false } = {}): FakeRoom {
  const made = views.newRoom();
  made.rights = linkRights({});
  made.host.value = { ...made.host.value, named: true, own };
  const sources = [["microphone", false] as const, ["camera", false] as const];
  made.participants.value = [
    fakeParticipant("p1", { name: "Mei Lin", sources }),
    fakeParticipant("p2", { name: "Jo" }),
  ];
  return made;
}

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const item = (name: string) => page.getByRole("menuitem", { name, exact: true });

test("the host mutes one and all, stops a camera, and removes after being asked once more (H4)", async () => {
  const hosted = room({ own: true });
  await views.joined(hosted);
  await page.getByRole("button", { name: /^People/ }).click();
  await expect.element(page.getByText(/^You are the host: you can mute/)).toBeVisible();
  for (const name of ["Mute Mei Lin", "Stop the camera of Mei Lin"]) {
    await button("What you can ask of Mei Lin").click();
    await item(name).click();
  }
  await button("Mute everybody else").click();
  await button("What you can ask of Jo").click();
  await expect.element(item("Remove Jo")).toBeVisible();
  expect(item("Mute Jo").elements()).toEqual([]);
  await item("Remove Jo").click();
  await expect.element(page.getByText(/^Remove Jo\? Who has the link can come back/)).toBeVisible();
  const asked = ["mute p1", "stop-camera p1", "mute"];
  expect(hosted.calls.filter((call) => /^(mute|stop|remove)/.test(call) && !call.endsWith("phone"))).toEqual(asked);
  await button("Remove").click();
  await expect.poll(() => hosted.calls).toContain("remove p2");
});

test("the host finds the same on a tile, and ends the meeting in the menu after being asked once more (H4)", async () => {
  const hosted = room({ own: true });
  const visit = await views.joined(hosted);
  await page.getByRole("button", { name: views.app.text.value.meeting.openMenu("Mei Lin") }).click();
  await item("Mute Mei Lin").click();
  await expect.poll(() => hosted.calls).toContain("mute p1");
  await button(views.app.text.value.meeting.more).click();
  await item("End for everybody").click();
  expect(hosted.calls).not.toContain("end");
  await button("End for everybody").click();
  await expect.poll(() => hosted.calls).toContain("end");
  await expect.poll(() => visit.phase.value).toMatchObject({ name: "left" });
  expect(visit.phase.value).not.toHaveProperty("failure");
});

test("the host hands the role over after being asked once more, and takes it back (H6)", async () => {
  const hosted = room({ own: true });
  await views.joined(hosted);
  await page.getByRole("button", { name: /^People/ }).click();
  await expect.element(page.getByText("(you, host)")).toBeVisible();
  await button("What you can ask of Jo").click();
  await item("Make Jo a host, too").click();
  await button("Make host").click();
  await expect.poll(() => hosted.calls).toContain("hand-over p2 keep");
  await button("What you can ask of Mei Lin").click();
  await item("Hand the meeting over to Mei Lin").click();
  expect(hosted.calls).not.toContain("hand-over p1");
  await button("Hand over").click();
  await expect.poll(() => hosted.calls).toContain("hand-over p1");
  hosted.host.value = { ...hosted.host.value, own: false, hosts: ["p1"], heir: "p1" };
  await expect.element(page.getByText("Mei Lin is a host of this meeting now.")).toBeVisible();
  await expect.element(page.getByText("(host)")).toBeVisible();
  expect(button("What you can ask of Jo").elements()).toEqual([]);
  await button("What you can ask of Mei Lin").click();
  await expect.element(item("Take the host's role back from Mei Lin")).toBeVisible();
  expect(page.getByRole("menuitem").elements()).toHaveLength(1);
  await item("Take the host's role back from Mei Lin").click();
  await expect.poll(() => hosted.calls).toContain("take-back");
  hosted.host.value = { ...hosted.host.value, own: true, hosts: [hosted.peer], heir: undefined };
  await expect.element(page.getByText("You are the host of this meeting now.")).toBeVisible();
});

test("others are told that they follow a host by choice, and find none of its buttons (H4)", async () => {
  await views.joined(room());
  await page.getByRole("button", { name: /^People/ }).click();
  await expect.element(page.getByText(/follows the host's requests by choice/)).toBeVisible();
  for (const name of [/^What you can ask/, /^Mute everybody/, /^Remove/]) {
    expect(page.getByRole("button", { name }).elements(), String(name)).toEqual([]);
  }
});

test("who is muted reads so, can switch the microphone on again, and is never switched on (H4, R1)", async () => {
  views.app.settings.update({ microphoneOn: true, cameraOn: true });
  const asked = room();
  const visit = await views.joined(asked);
  const status = () => [visit.microphone, visit.camera].map((device) => device.state.value.status);
  await expect.poll(status).toEqual(["on", "on"]);
  asked.showAct({ command: "mute", target: asked.peer, forUs: true });
  await expect.element(page.getByText(/^The host muted you\. You can/)).toBeVisible();
  expect(status()).toEqual(["off", "on"]);
  asked.showAct({ command: "stop-camera", target: asked.peer, forUs: true });
  await expect.element(page.getByText(/^The host stopped your camera/)).toBeVisible();
  expect(status()).toEqual(["off", "off"]);
  await visit.microphone.turnOn();
  expect(status()).toEqual(["on", "off"]);
  visit.microphone.turnOff();
  asked.showAct({ command: "mute", forUs: true });
  asked.showAct({ command: "remove", target: "p2", targetName: "Jo" });
  await expect.element(page.getByText("The host removed Jo")).toBeVisible();
  expect(status()).toEqual(["off", "off"]);
});

test.each(["en", "zh"] as const)("who was removed, and whose meeting was ended, reads so (%s)", async (language) => {
  views.app.settings.update({ language });
  for (const code of ["removed", "ended"] as const) {
    const closing = room();
    await views.joined(closing);
    closing.connection.value = { status: "closed", error: new SdkError(code, "x") };
    const words = language === "zh" ? zh.failure[code] : /^(A host has removed you|The host has ended the meeting)/;
    await expect.element(page.getByText(words)).toBeVisible();
    const title = (language === "zh" ? zh : en).left.because[code];
    await expect.element(page.getByRole("heading", { name: title })).toBeVisible();
  }
});

test("a host's key is there after a reload, and its private half is not to be read", async () => {
  const key = await makeHostKey();
  const fingerprint = key?.fingerprint ?? "";
  expect(await keptHostKey("AAAAAAAAAAAAAAAAAAAAAA")).toBeUndefined();
  expect(await keptHostKey(undefined)).toBeUndefined();
  // Another instance of the module knows what a page knows that was loaded again.
  const path = "../room/host-keys.ts?again";
  const again: typeof import("../room/host-keys.ts") = await import(/* @vite-ignore */ path);
  await expect.poll(() => again.keptHostKey(fingerprint)).toMatchObject({ fingerprint, publicBytes: key?.publicBytes });
  const kept = await again.keptHostKey(fingerprint);
  await expect(crypto.subtle.exportKey("pkcs8", kept?.key as CryptoKey)).rejects.toThrow();
  const signature = await crypto.subtle.sign("Ed25519", kept?.key as CryptoKey, new Uint8Array(3));
  expect(signature.byteLength).toBe(64);
});
