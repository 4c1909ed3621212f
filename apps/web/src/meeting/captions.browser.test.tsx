/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { fakeMeeting, fakePorts } from "../dev/fake-meeting.ts";
import { fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import type { Speech } from "../room/browser-speech.ts";
import { Captions } from "../room/captions.ts";

const views = new ViewFixture();
beforeEach(() => views.open());
afterEach(() => views.close());

const mei = fakeParticipant("p1", { name: "Mei Lin" });

/** A recogniser that a test speaks to. */
function fakeSpeech() {
  const calls: Parameters<Speech["listen"]>[0][] = [];
  const speech: Speech = { listen: (call) => void calls.push(call) };
  const listening = () => calls.filter(({ signal }) => !signal.aborted);
  return { speech, listening, calls };
}

test("Captions listens only while it may, somebody reads, and the microphone is on, and sends what it hears (M10)", async () => {
  const room = views.newRoom();
  const { microphone, meeting } = fakeMeeting(room);
  const { speech, listening, calls } = fakeSpeech();
  let problems = 0;
  const captions = new Captions({
    ...{ room, microphone, speech, language: () => "en", nowMs: () => 0 },
    onProblem: () => {
      problems++;
    },
  });
  await microphone.turnOn();
  captions.setSending(true);
  expect(listening()).toHaveLength(0);
  room.participants.value = [{ ...mei, wantsCaptions: true }];
  expect(listening()).toMatchObject([{ language: "en" }]);
  listening()[0]?.onWords("good morning", { isFinal: true });
  expect(room.calls).toContain("caption 1 good morning");
  microphone.turnOff();
  expect(listening()).toHaveLength(0);
  await microphone.turnOn();
  expect(listening()).toHaveLength(1);
  listening()[0]?.onProblem();
  expect([captions.sending.value, listening().length, problems]).toEqual([false, 0, 1]);
  captions.setSending(true);
  room.participants.value = [mei];
  expect(listening()).toHaveLength(0);
  captions.close();
  expect(calls).toHaveLength(3);
  await meeting.leave();
});

test("Captions are shown to who wants them, and everybody is told so", async () => {
  const room = views.newRoom();
  await views.joined(room);
  room.participants.value = [mei];
  room.captions.value = [{ from: "p1", name: "Mei Lin", number: 1, text: "Good <b>morning</b>", atMs: 0 }];
  expect(views.root.textContent).not.toContain("Good <b>");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Show captions" }).click();
  await expect.element(page.getByText("Good <b>morning</b>")).toBeVisible();
  expect(room.calls).toContain("captions true");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Hide captions" }).click();
  await expect.element(page.getByText("Good <b>morning</b>")).not.toBeInTheDocument();
  expect(room.calls).toContain("captions false");
});

test("Meeting says that somebody reads captions, and one press sends ours", async () => {
  const room = views.newRoom();
  const { speech, listening } = fakeSpeech();
  const ports = fakePorts(room);
  const visit = views.showVisit(room, {
    ...ports,
    loadMeeting: async () => {
      const part = await ports.loadMeeting();
      return { ...part, enterMeeting: (link, options) => part.enterMeeting(link, { ...options, speech }) };
    },
  });
  await visit.join("Ada");
  await visit.microphone.turnOn();
  room.participants.value = [{ ...mei, wantsCaptions: true }];
  await expect.element(page.getByText(/^Somebody reads captions/)).toBeVisible();
  expect(listening()).toHaveLength(0);
  await page.getByRole("button", { name: "Send what I say as captions" }).click();
  await expect.poll(() => listening().length).toBe(1);
});
