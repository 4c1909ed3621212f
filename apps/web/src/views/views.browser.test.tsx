/** @jsxImportSource preact */
import { formatMeetingLink, MediaError, newMeetingLink, SdkError } from "@mqtt-meet/sdk/browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeCamera, fakePorts } from "../dev/fake-meeting.ts";
import { fakeParticipant, fakeStatistics } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { keptHostKey } from "../room/host-keys.ts";
import { Home } from "./home.tsx";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

test("Home says what is wrong with a link, and follows a right one", async () => {
  views.show(<Home />);
  const field = page.getByRole("textbox", { name: "Join with a link" });
  await field.fill("hello");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("That is not a link.")).toBeVisible();
  await field.fill(formatMeetingLink(newMeetingLink(views.app.router.site, "amber-otter-bay")));
  await expect.element(page.getByText("That is not a link.")).not.toBeInTheDocument();
  await userEvent.keyboard("{Enter}");
  expect(views.app.router.route.value).toMatchObject({ view: "room", link: { name: "amber-otter-bay" } });
});

test("Home starts a meeting with a new secret under the name that it shows", async () => {
  views.show(<Home />);
  const name = page.getByRole("status").first().element().textContent ?? "";
  expect(name).toMatch(/^\w+-\w+-\w+$/);
  await page.getByRole("button", { name: "Start a meeting" }).click();
  await expect.poll(() => views.app.router.route.value).toMatchObject({ view: "room", link: { name } });
  const route = views.app.router.route.value;
  const link = route.view === "room" ? route.link : undefined;
  expect(link?.secret).toHaveLength(32);
  // Who starts it is the host, with a key that no page reads.
  const key = await keptHostKey(link?.host);
  expect(key?.fingerprint).toBe(link?.host);
  expect(key?.key.extractable).toBe(false);
});

test("Home speaks Chinese at a press", async () => {
  views.show(<Home />);
  await page.getByRole("button", { name: "中文" }).click();
  await expect.element(page.getByRole("button", { name: "发起会议" })).toBeVisible();
  expect(document.documentElement.lang).toBe("zh-CN");
});

test("Lobby wants a name, and joins with Enter", async () => {
  const room = views.newRoom();
  const visit = views.showVisit(room);
  const name = page.getByRole("textbox", { name: "Your name" });
  await expect.element(name).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("Tell the others who you are first.")).toBeVisible();
  await name.fill("Ada");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("Nobody here yet")).toBeVisible();
  expect(visit.phase.value.name).toBe("meeting");
  expect(views.app.settings.values.value.name).toBe("Ada");
  expect(views.app.recent.entries.value).toMatchObject([{ name: "amber-otter-bay" }]);
  expect(globalThis.mqttMeet?.room).toBe(room);
});

test("Lobby explains a camera that is not allowed, and lets in without it", async () => {
  const room = views.newRoom();
  const openCamera = () => Promise.reject(new MediaError("permission-denied", "No."));
  views.app.settings.update({ name: "Ada" });
  views.showVisit(room, fakePorts(room, { openCamera }));
  await expect.element(page.getByText(/does not let this page use the camera/)).toBeVisible();
  await page.getByRole("button", { name: "Join" }).click();
  await expect.element(page.getByText("Nobody here yet")).toBeVisible();
  await expect.poll(() => room.calls).toEqual(["publish microphone"]);
});

test("Lobby says why the room could not be joined, and can be tried again", async () => {
  const room = views.newRoom();
  const { loadMeeting } = fakePorts(room);
  let attempts = 0;
  views.app.settings.update({ name: "Ada" });
  const part = async () => {
    const { enterMeeting, ...others } = await loadMeeting();
    const enter: typeof enterMeeting = (link, options) => {
      attempts += 1;
      const unreachable = new SdkError("server-unreachable", "No answer.");
      return attempts > 1 ? enterMeeting(link, options) : Promise.reject(unreachable);
    };
    return { ...others, enterMeeting: enter, lookInside: () => undefined };
  };
  views.showVisit(room, fakePorts(room, { loadMeeting: part }));
  await page.getByRole("button", { name: "Join" }).click();
  await expect.element(page.getByText(/The server does not answer/)).toBeVisible();
  await page.getByRole("button", { name: "Join" }).click();
  await expect.element(page.getByText("Nobody here yet")).toBeVisible();
});

test("Meeting shows everybody with name, muted mark and frame rate", async () => {
  const room = views.newRoom();
  await views.joined(room);
  room.participants.value = [
    fakeParticipant("p1", {
      name: "Mei Lin",
      sources: [
        ["camera", false],
        ["microphone", true],
      ],
    }),
    fakeParticipant("p2", {
      name: "Jonas",
      sources: [
        ["camera", true],
        ["microphone", false],
      ],
    }),
  ];
  room.statistics.value = { ...room.statistics.value, tracks: new Map([["p1/camera", fakeStatistics({ fps: 24.6 })]]) };
  await expect.element(page.getByRole("listitem", { name: "Mei Lin, Microphone off" })).toBeVisible();
  await expect.element(page.getByRole("listitem", { name: "Jonas" })).toBeVisible();
  const tile = views.root.querySelector('[data-peer="p1"]');
  expect(tile?.querySelector("video")).not.toBeNull();
  expect(tile?.textContent).toContain("25");
  expect(views.root.querySelector('[data-peer="p2"] video')).toBeNull();
  await expect.poll(() => room.calls).toContain("attach p1/camera");
  expect(room.calls).not.toContain("attach p2/camera");
});

test("Meeting gives a shared screen the large place, and takes it back", async () => {
  const room = views.newRoom();
  await views.joined(room);
  const camera = ["camera", false] as const;
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin", sources: [camera, ["screen", false]] })];
  const screen = page.getByRole("listitem", { name: "Mei Lin – screen" });
  await expect.element(screen).toBeVisible();
  await expect.poll(() => room.calls).toContain("attach p1/screen");
  const widths = [...views.root.querySelectorAll<HTMLElement>("[data-kind=person]")].map((tile) => tile.offsetWidth);
  expect(screen.element().clientWidth).toBeGreaterThan(Math.max(...widths));
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin", sources: [camera] })];
  await expect.element(screen).not.toBeInTheDocument();
  await expect.poll(() => room.calls).toContain("detach p1/screen");
});

test("Meeting obeys keys, but not while somebody types", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  await expect.poll(() => visit.microphone.state.value.status).toBe("on");
  await expect.element(page.getByRole("button", { name: "Mute the microphone" })).toBeVisible();
  await userEvent.keyboard("m");
  expect(visit.microphone.state.value.status).toBe("off");
  await userEvent.keyboard("c");
  const field = page.getByRole("textbox", { name: "Write to everyone" });
  await field.click();
  await userEvent.keyboard("my message{Enter}");
  expect(visit.microphone.state.value.status).toBe("off");
  await expect.element(page.getByText("my message")).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(field).not.toBeInTheDocument();
  await userEvent.keyboard("?");
  await expect.element(page.getByRole("dialog")).toBeVisible();
  await userEvent.keyboard("{Escape}");
});

test("Meeting lets react by key, shows what the others show, and says it to screen readers", async () => {
  const room = views.newRoom();
  await views.joined(room);
  await expect.element(page.getByRole("button", { name: "React" })).toBeVisible();
  await userEvent.keyboard("r");
  await expect.element(page.getByRole("menuitem", { name: "thumbs up" })).toHaveFocus();
  await userEvent.keyboard("{ArrowRight}{Enter}");
  await expect.poll(() => room.calls).toContain("react love");
  room.showReaction("laugh", { from: "p1", name: "Mei Lin" });
  room.showReaction("laugh", { from: "p2", name: "Jonas" });
  await expect.element(page.getByText("Mei Lin, Jonas: laughter")).toBeInTheDocument();
  const shown = [...views.root.querySelectorAll('main [aria-hidden="true"]')].map((element) => element.textContent);
  expect(shown.join()).toContain("😂");
});

test("Invite has the link, a mail with it, and a code to scan", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin" })];
  const phase = visit.phase.value;
  if (phase.name === "meeting") phase.meeting.openPanel("invite");
  await expect.element(page.getByRole("textbox", { name: "Meeting link" })).toHaveValue(room.link);
  const mail = page.getByRole("link", { name: "E-mail" }).element().getAttribute("href") ?? "";
  expect(new URL(mail).searchParams.get("body")).toContain(room.link);
  await expect.element(page.getByRole("img", { name: "QR code of the meeting link" })).toBeVisible();
});

test("Chat shows what is on its way and what was lost, lets messages be copied, and counts on the tab", async () => {
  const room = views.newRoom();
  await views.joined(room);
  const line = { from: "p1", name: "Mei", own: false, sentAtMs: Date.now() };
  room.messages.value = [
    { ...line, id: "1", text: "seven", missingBefore: 2 },
    { ...line, id: "2", from: room.peer, own: true, text: "eight", pending: true },
  ];
  await expect.poll(() => document.title).toMatch(/^\(1\) /);
  await userEvent.keyboard("c");
  await expect.element(page.getByText("2 messages did not arrive.")).toBeVisible();
  await expect.element(page.getByText("sending …")).toBeInTheDocument();
  await expect.poll(() => document.title).not.toMatch(/^\(/);
  const copied = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await page.getByRole("button", { name: "Copy the message" }).first().click();
  expect(copied).toHaveBeenCalledWith("seven");
  vi.restoreAllMocks();
  await page.getByRole("button", { name: "No sound for new messages" }).click();
  expect(views.app.settings.values.value.chatSound).toBe(false);
});

test("A tile is saved as a picture of the size that came", async () => {
  const room = views.newRoom();
  await views.joined(room);
  const track = await fakeCamera();
  room.draw = (_key, element) => {
    if (element instanceof HTMLVideoElement) element.srcObject = new MediaStream([track]);
    if (element instanceof HTMLVideoElement) void element.play();
    return () => undefined;
  };
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin", sources: [["camera", false]] })];
  await expect.poll(() => views.root.querySelector("video")?.videoWidth).toBe(64);
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download, this.href);
  });
  await page.getByRole("button", { name: "Options for Mei Lin" }).click();
  await page.getByRole("menuitem", { name: "Save as a picture" }).click();
  await expect.poll(() => saved).toHaveLength(2);
  vi.restoreAllMocks();
  expect(saved[0]).toMatch(/^Mei Lin \d{4}-\d\d-\d\d .*\.png$/);
  const picture = await createImageBitmap(await (await fetch(saved[1] ?? "")).blob());
  expect([picture.width, picture.height]).toEqual([64, 36]);
});

test("Polls are announced, answered, asked and closed", async () => {
  const room = views.newRoom();
  await views.joined(room);
  const options = [
    { text: "now", votes: 2 },
    { text: "later", votes: 0 },
  ];
  room.showPoll({ id: "p1/1", question: "When?", options });
  await expect.element(page.getByText("Mei Lin asks: When?")).toBeVisible();
  await page.getByRole("button", { name: "Vote" }).click();
  await page.getByRole("radio", { name: "later: 0 votes" }).click();
  expect(room.calls).toContain("vote p1/1 1");
  await page.getByRole("button", { name: "Ask" }).click();
  await expect.element(page.getByText("What do you want to ask?")).toBeVisible();
  await page.getByRole("textbox", { name: "Question" }).fill("Tea?");
  await page.getByRole("textbox", { name: "Answer 1" }).fill("yes");
  await page.getByRole("textbox", { name: "Answer 2" }).fill("no");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByRole("button", { name: "Close the poll" }).click();
  await expect.element(page.getByText("You · closed, 0 votes")).toBeVisible();
});

test("Meeting tells about a lost connection and blocked sound", async () => {
  const room = views.newRoom();
  await views.joined(room);
  room.connection.value = { status: "waiting", retryAtMs: Date.now() + 8_000, error: new Error("lost") };
  await expect.element(page.getByText(/Connection lost. Trying again in \d s/)).toBeVisible();
  await page.getByRole("button", { name: "Try now" }).click();
  expect(room.calls).toContain("reconnect");
  room.connection.value = { status: "connected" };
  await expect.element(page.getByText(/Connection lost/)).not.toBeInTheDocument();
  room.audioBlocked.value = true;
  await page.getByRole("button", { name: "Play sound" }).click();
  expect(room.audioBlocked.value).toBe(false);
});

test("Meeting ends with Leave, and with a reason when the room is closed to us", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  await page.getByRole("button", { name: "Leave" }).click();
  await expect.element(page.getByText("You left the meeting")).toBeVisible();
  expect(room.calls.at(-1)).toBe("leave");
  expect(visit.camera.track.value).toBeUndefined();
  expect(globalThis.mqttMeet).toBeUndefined();
  await page.getByRole("button", { name: "Rejoin" }).click();
  await visit.join("Ada");
  room.connection.value = { status: "closed", error: new SdkError("taken-over", "Elsewhere.") };
  await expect.element(page.getByRole("heading", { name: "You are in this meeting elsewhere" })).toBeVisible();
  await expect.element(page.getByText(/taken over by another window/)).toBeVisible();
});

test("Chat makes addresses into links and shows everything else as it is (T-XSS)", async () => {
  const room = views.newRoom();
  await views.joined(room);
  await userEvent.keyboard("c");
  const text = "<img src=x onerror=alert(1)> https://example.org/a";
  room.messages.value = [{ id: "1", from: "p1", name: "Mei", own: false, sentAtMs: Date.now(), text }];
  const link = page.getByRole("link", { name: "https://example.org/a" });
  await expect.element(link).toHaveAttribute("rel", expect.stringContaining("noopener"));
  expect(views.root.querySelector("[role=log] img")).toBeNull();
  await expect.element(page.getByText(/<img src=x/)).toBeVisible();
});
