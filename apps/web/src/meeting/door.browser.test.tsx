/** @jsxImportSource preact */
import { type JoinOptions, linkRights, SdkError } from "@mqtt-meet/sdk/browser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeDoor, orderText } from "../dev/fake-door.ts";
import { fakePorts } from "../dev/fake-meeting.ts";
import { type FakeRoom, fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { zh } from "../language/zh.ts";
import { Meeting } from "../room/meeting.ts";
import { type FrameState, tellParent } from "../room/tell-parent.ts";
import type { VisitPorts } from "../room/visit.ts";
import { MeetingView } from "./meeting-view.tsx";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const item = (name: string) => page.getByRole("menuitem", { name, exact: true });
const toggle = (name: string) => page.getByRole("switch", { name, exact: true });

/** A token room with Mei Lin and Jo in it. */
function tokenRoom({ host = false }: { readonly host?: boolean } = {}): FakeRoom {
  const room = views.newRoom();
  room.rights = { ...linkRights({}), host, invite: false };
  room.door.value = fakeDoor({});
  const sources = [["microphone", false] as const, ["camera", false] as const];
  room.participants.value = [
    fakeParticipant("p1", { name: "Mei Lin", sources }),
    fakeParticipant("p2", { name: "Jo" }),
  ];
  return room;
}

/** The door of a room: what the server says, and in the end whether we come in. */
interface Door {
  say: NonNullable<JoinOptions["onStanding"]>;
  open: () => void;
  refuse: (error: SdkError) => void;
  gaveUp: boolean;
}

/** A guest who has pressed "Join" and stands before the door of `room`. */
async function guestAt(room: FakeRoom) {
  const door: Door = { say: () => undefined, open: () => undefined, refuse: () => undefined, gaveUp: false };
  const loadMeeting: VisitPorts["loadMeeting"] = async () => ({
    ...(await fakePorts(room).loadMeeting()),
    MeetingView,
    enterMeeting: (_link, options) =>
      new Promise<Meeting>((resolve, reject) => {
        door.say = (standing) => options.onStanding?.(standing);
        door.open = () => resolve(new Meeting({ ...options, ownName: options.name, room }));
        door.refuse = reject;
        options.signal.addEventListener("abort", () => {
          door.gaveUp = true;
          reject(options.signal.reason);
        });
      }),
  });
  views.app.settings.update({ name: "Ada", microphoneOn: true, cameraOn: true });
  const visit = views.showVisit(room, fakePorts(room, { loadMeeting }));
  await button("Join").click();
  await expect.poll(() => visit.phase.value.name).toBe("joining");
  return { visit, door };
}

test("who waits sees itself and why it waits, can change its devices, and goes straight in with them (D4)", async () => {
  const { visit, door } = await guestAt(tokenRoom());
  const told: FrameState[] = [];
  const stop = tellParent(visit, (state) => told.push(state));
  door.say("waiting");
  const sign = page.getByRole("status").filter({ hasText: "Waiting for a host to let you in" });
  await expect.element(sign).toHaveFocus();
  await expect.element(sign).toHaveTextContent("The host sees that Ada is waiting.");
  expect(button("Join").elements()).toEqual([]);
  expect(views.app.isBusy.value).toBe(true);
  await expect.element(page.getByLabelText("Your picture, as in a mirror")).toBeVisible();
  await button("Turn the camera off").click();
  door.say("locked");
  await expect.element(page.getByText("This meeting is locked")).toBeVisible();
  await expect.element(page.getByText(/^You are let in as soon as a host opens it/)).toBeVisible();
  door.open();
  await expect.poll(() => visit.phase.value.name).toBe("meeting");
  expect([visit.microphone, visit.camera].map(({ state }) => state.value.status)).toEqual(["on", "off"]);
  expect(told.map(({ state, standing }) => standing ?? state)).toEqual(["joining", "waiting", "locked", "meeting"]);
  stop();
});

test("who does not want to wait is back in the lobby, and nothing that the server says then counts", async () => {
  const { visit, door } = await guestAt(tokenRoom());
  door.say("waiting");
  await button("Leave").click();
  await expect.poll(() => door.gaveUp).toBe(true);
  door.say("locked");
  await expect.element(button("Join")).toBeVisible();
  expect(visit.phase.value).toEqual({ name: "lobby" });
});

test.each(["en", "zh"] as const)("who is turned away reads so, and its camera goes off (%s)", async (language) => {
  const { visit, door } = await guestAt(tokenRoom());
  views.app.settings.update({ language });
  await views.app.ready();
  door.say("waiting");
  door.refuse(new SdkError("removed", "x"));
  await expect.poll(() => visit.phase.value).toEqual({ name: "turned-away" });
  tellParent(visit, (state) => expect(state).toMatchObject({ state: "left", failure: "removed" }))();
  const title = language === "zh" ? zh.door.turnedAway : "You were not let in";
  await expect.element(page.getByRole("heading", { name: title })).toBeVisible();
  expect(visit.camera.track.value).toBeUndefined();
  expect(views.app.isBusy.value).toBe(false);
});

test("a host is told who waits, lets one in, turns another away after being asked once more, and lets all in (D5, D8)", async () => {
  const room = tokenRoom({ host: true });
  const visit = await views.joined(room);
  const orders = () => room.calls.filter((call) => /^(admit|turn-away)/.test(call));
  room.door.value = fakeDoor({ waiting: ["Tom"] });
  await expect.element(page.getByText("Tom is waiting to be let in")).toBeVisible();
  await button("Let in").click();
  await expect.poll(orders).toEqual(["admit w0"]);
  expect(page.getByText("Tom is waiting to be let in").elements()).toEqual([]);
  room.door.value = fakeDoor({ waiting: ["Tom"] });
  await button("Turn away").click();
  await expect.element(page.getByText(/^Turn Tom away\? Nobody comes back/)).toBeVisible();
  expect(orders()).toEqual(["admit w0"]);
  await page
    .getByText(/^Turn Tom away\?/)
    .getByRole("button", { name: "Turn away" })
    .click();
  await expect.poll(orders).toEqual(["admit w0", "turn-away w0"]);
  room.door.value = fakeDoor({ waiting: ["Tom", "Noor", "Ada"] });
  await expect.element(page.getByText("3 people are waiting to be let in")).toBeVisible();
  await button("Show them").click();
  await expect.element(page.getByRole("region", { name: "Waiting to be let in" })).toBeVisible();
  // What the list says is not said twice.
  expect(page.getByText("3 people are waiting to be let in").elements()).toEqual([]);
  await button("Let Noor in").click();
  await button("Let all in").click();
  await expect.poll(() => orders().slice(2)).toEqual(["admit w1", "admit w0", "admit w2"]);
  await visit.leave();
});

test("a guest is not told who waits, and finds no switches; it reads what is on", async () => {
  const room = tokenRoom();
  await views.joined(room);
  room.door.value = fakeDoor({ waiting: ["Tom"], rules: { locked: true, muted: ["screen"] } });
  await button("Locked: nobody new comes in").click();
  await expect.element(page.getByText("Nobody may share a screen")).toBeVisible();
  expect(page.getByText(/waiting to be let in/).elements()).toEqual([]);
  expect(page.getByRole("switch").elements()).toEqual([]);
});

test("a host locks, opens the waiting room, and mutes everybody for now or for good; two clicks do not undo each other", async () => {
  const room = tokenRoom({ host: true });
  await views.joined(room);
  await button(/^People/).click();
  await button("Lock, waiting room, muting").click();
  await toggle("Lock the meeting").click();
  await expect.element(toggle("Lock the meeting")).toBeChecked();
  await toggle("Waiting room").click();
  await button("Mute everybody else").click();
  const orders = () => room.calls.filter((call) => /^(lock|waiting-room|mute all)/.test(call));
  const muted = ["mute all microphone", "mute all nothing"];
  await expect.poll(orders).toEqual(["lock true", "waiting-room true", ...muted]);
  // A server that has not answered yet.
  room.enforce = async (order) => {
    room.calls.push(orderText(order));
  };
  await toggle("Nobody may unmute").click();
  await toggle("Nobody may turn a camera on").click();
  await expect.poll(() => orders().slice(4)).toEqual(["mute all microphone", "mute all microphone+camera"]);
});

test("the switches come into view where the panel is too low for them", async () => {
  await views.joined(tokenRoom({ host: true }));
  await button(/^People/).click();
  await page.viewport(1280, 540);
  await button("Lock, waiting room, muting").click();
  await expect.element(button("Mute everybody else")).toBeInViewport();
});

test("an order that the server does not get is said, and the switch shows what is", async () => {
  const room = tokenRoom({ host: true });
  await views.joined(room);
  room.enforce = () => Promise.reject(new SdkError("not-authorized", "x"));
  await button(/^People/).click();
  await button("Lock, waiting room, muting").click();
  await toggle("Lock the meeting").click();
  await expect.element(page.getByText("The server did not take that.")).toBeVisible();
  await expect.element(toggle("Lock the meeting")).not.toBeChecked();
});

test("a host mutes one for good and lets them speak again, in the list and on the tile, where everybody sees it", async () => {
  const room = tokenRoom({ host: true });
  await views.joined(room);
  await button(/^People/).click();
  await button("What you decide for Mei Lin").click();
  await item("Mute Mei Lin and keep muted").click();
  await expect.poll(() => room.calls).toContain("mute p1 microphone");
  await expect.element(page.getByRole("img", { name: "muted by a host" })).toBeVisible();
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin", sources: [["microphone", true]] })];
  await expect.element(page.getByRole("listitem", { name: "Mei Lin, Muted by a host" })).toBeVisible();
  await page.getByRole("button", { name: views.app.text.value.meeting.openMenu("Mei Lin") }).click();
  await item("Let Mei Lin speak again").click();
  await expect.poll(() => room.calls).toContain("mute p1 nothing");
  await button("What you decide for Mei Lin").click();
  await item("Remove Mei Lin").click();
  await expect.element(page.getByText(/^Remove Mei Lin\? Nobody comes back/)).toBeVisible();
});

test("who is muted by a host cannot speak with any button or key, reads why, and is not switched on when it is lifted", async () => {
  const room = tokenRoom();
  const visit = await views.joined(room);
  const status = () => visit.microphone.state.value.status;
  await expect.poll(status).toBe("on");
  room.door.value = fakeDoor({ ownMuted: ["microphone"] });
  await expect.element(page.getByText("A host has muted you")).toBeVisible();
  expect(status()).toBe("off");
  const held = button("Microphone: A host has muted you");
  const anyway = { force: true }; // a test waits for a button that can be used
  for (const speak of [() => held.click(anyway), () => userEvent.keyboard("m"), () => userEvent.keyboard("{ >}{/ }")]) {
    for (const { id } of views.app.notices.list.value) views.app.notices.dismiss(id);
    await speak();
    await expect.element(page.getByText("A host has muted you")).toBeVisible();
    expect(status()).toBe("off");
  }
  // However else it comes on: it does not stay.
  await visit.microphone.turnOn();
  expect(status()).toBe("off");
  room.door.value = fakeDoor({});
  await expect.element(page.getByText("You may speak again")).toBeVisible();
  expect(status()).toBe("off");
  await userEvent.keyboard("m");
  await expect.poll(status).toBe("on");
});
