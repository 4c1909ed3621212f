/** @jsxImportSource preact */
import { linkRights, type RoomRights } from "@mqtt-meet/sdk/browser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakePorts } from "../dev/fake-meeting.ts";
import { type FakeRoom, fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { zh } from "../language/zh.ts";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

function roomWith(rights: Partial<RoomRights>): FakeRoom {
  const room = views.newRoom();
  room.rights = { ...linkRights({}), invite: false, ...rights };
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin" })];
  return room;
}

const button = (name: string | RegExp) => page.getByRole("button", { name });

test("who may only watch is shown no camera and no microphone, and no device is opened (K11)", async () => {
  const room = roomWith({ microphone: false, camera: false, screen: false });
  const opened: string[] = [];
  const refuse = (kind: string) => async () => {
    opened.push(kind);
    throw new Error("not to be opened");
  };
  views.app.settings.update({ name: "Ada", cameraOn: true, microphoneOn: true });
  const ports = fakePorts(room, { openCamera: refuse("camera"), openMicrophone: refuse("microphone") });
  const visit = views.showVisit(room, ports);
  await expect.element(page.getByText("Your invitation lets you watch, listen and write.")).toBeVisible();
  expect(button(/camera|microphone/i).elements()).toEqual([]);
  await visit.join("Ada");
  await expect.element(button("Chat")).toBeVisible();
  for (const name of [/camera/i, /microphone/i, /share/i]) expect(button(name).elements(), String(name)).toEqual([]);
  await userEvent.keyboard("me ");
  expect(opened).toEqual([]);
  // What opens the room for us opens it for nobody else.
  await button(/^People/).click();
  await expect.element(page.getByText("Mei Lin").first()).toBeVisible();
  expect(button("Invite").elements()).toEqual([]);
  expect(button("Remove Mei Lin").elements()).toEqual([]);
});

test("each kind of track has its own button and its own right (K11)", async () => {
  const visit = await views.joined(roomWith({ camera: false }));
  await expect.element(button(/(?:Turn|Mute) the microphone/)).toBeVisible();
  await expect.element(button(/share/i)).toBeVisible();
  expect(button(/the camera/i).elements()).toEqual([]);
  await visit.leave();
});

test("a host removes somebody after being asked once more, and is told what that means (A16)", async () => {
  const room = roomWith({ host: true });
  await views.joined(room);
  await button(/^People/).click();
  await button("Remove Mei Lin").click();
  await expect.element(page.getByText(/^Remove Mei Lin\? Nobody comes back/)).toBeVisible();
  expect(room.calls).not.toContain("remove p1");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect.poll(() => room.calls).toContain("remove p1");
});

test("who was removed, and whose invitation is over, reads so, in both languages", async () => {
  const { SdkError } = await import("@mqtt-meet/sdk/browser");
  for (const code of ["removed", "invitation-expired"] as const) {
    for (const language of ["en", "zh"] as const) {
      views.app.settings.update({ language });
      const room = roomWith({});
      await views.joined(room);
      room.connection.value = { status: "closed", error: new SdkError(code, "x") };
      const words = language === "zh" ? zh.failure[code] : /A host has removed you|Your invitation is over/;
      await expect.element(page.getByText(words)).toBeVisible();
    }
  }
});

test("Meeting says some minutes before that the invitation ends", async () => {
  await views.joined(roomWith({ expiresAtMs: Date.now() + 3 * 60_000 }));
  await expect.element(page.getByText(/Your invitation ends in 3 minutes/)).toBeVisible();
});
