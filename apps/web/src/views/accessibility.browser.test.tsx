/** @jsxImportSource preact */
import { MediaError, SdkError } from "@mqtt-meet/sdk/browser";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { page } from "vitest/browser";
import { CameraList } from "../cameras/camera-list.ts";
import { CamerasView } from "../cameras/cameras-view.tsx";
import { type FakeCamera, fakeWatch } from "../dev/fake-camera.ts";
import { fakeDoor } from "../dev/fake-door.ts";
import { fakePorts } from "../dev/fake-meeting.ts";
import { type FakeRoom, fakeParticipant, fakeStatistics } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import type { Visit, VisitPorts } from "../room/visit.ts";
import { Home } from "./home.tsx";
import { MessagePage } from "./message-page.tsx";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

/** WCAG 2.2 up to AA, and what axe's authors recommend besides. */
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/** Everything that the page can show, by name. */
const VIEWS: Readonly<Record<string, () => unknown>> = {
  home: () => {
    views.app.recent.add({ name: "calm-fox-harbor", atMs: 1_763_800_000_000 });
    views.show(<Home />);
  },
  "cameras, none yet": () => {
    views.app.recentCameras.add({ name: "yard/gate", atMs: 1_763_800_000_000 });
    views.show(<CamerasView address="" list={cameraList([])} />);
  },
  cameras: () => {
    const cameras: FakeCamera[] = [];
    const list = cameraList(cameras);
    for (const name of ["yard/gate", "lab/bench", "attic/old"]) list.add(name);
    cameras[0]?.show({ frameRate: 12, lastAtMs: Date.now() - 60_000 });
    const [, refused] = cameras;
    if (refused) refused.state.value = { status: "failed", problem: "account-wrong" };
    views.show(<CamerasView address="nothing/#" list={list} />);
  },
  failure: () => views.show(<MessagePage title="!" reason={views.app.text.value.failure.insecure} />),
  lobby: () => views.showVisit(views.newRoom()),
  "lobby without devices": () => {
    const room = views.newRoom();
    const refuse = () => Promise.reject(new MediaError("permission-denied", "No."));
    views.showVisit(room, fakePorts(room, { openCamera: refuse, openMicrophone: refuse }));
  },
  left: async () => (await views.joined(views.newRoom())).leave(),
  ended: async () => {
    const room = views.newRoom();
    await views.joined(room);
    room.connection.value = { status: "closed", error: new SdkError("ended", "By the host.") };
  },
  backgrounds: async () => {
    views.showVisit(views.newRoom());
    await page.getByRole("button", { name: views.app.text.value.devices.chooseCamera }).click();
  },
  "nobody here": () => views.joined(views.newRoom()),
  stage: () => meeting(),
  statistics: () =>
    meeting(({ visit }) => {
      inMeeting(visit).showStatistics.value = true;
    }),
  "lost, and sound is blocked": () =>
    meeting(({ room }) => {
      room.connection.value = { status: "waiting", retryAtMs: Date.now() + 60_000, error: new Error("lost") };
      room.audioBlocked.value = true;
    }),
  notices: () =>
    meeting(() => views.app.notices.say("Mei Lin joined", { action: { label: "Use it", onChoose: () => undefined } })),
  chat: () => meeting(({ visit }) => inMeeting(visit).openPanel("chat")),
  captions: () =>
    meeting(({ room, visit }) => {
      room.captions.value = [{ from: "p1", name: "Mei Lin", number: 1, text: "Good morning", atMs: 0 }];
      inMeeting(visit).captions.setWanted(true);
      inMeeting(visit).openPanel("settings");
    }),
  files: () =>
    meeting(({ room, visit }) => {
      const file = { name: "plan.pdf", sizeBytes: 2_000_000 };
      const usual = { name: "Mei Lin", own: false, sentAtMs: 1_763_800_000_000, text: file.name, file };
      room.messages.value = [
        { ...usual, id: "1", from: "p1" },
        { ...usual, id: "2", from: "p1" },
        { ...usual, id: "3", from: "gone" },
      ];
      room.downloads.value = new Map([["2", 500_000]]);
      inMeeting(visit).openPanel("chat");
    }),
  invite: () => meeting(({ visit }) => inMeeting(visit).openPanel("invite")),
  polls: () =>
    meeting(({ room, visit }) => {
      const options = [
        { text: "now", votes: 2 },
        { text: "later", votes: 1 },
      ];
      room.showPoll({ id: "p1/1", question: "When?", options, closed: true });
      room.showPoll({ id: "p1/2", question: "And now?", options, own: true, ownChoice: 0 });
      inMeeting(visit).openPanel("polls");
    }),
  people: () => meeting(({ visit }) => inMeeting(visit).openPanel("people")),
  "people, for the host": () =>
    meeting(({ room, visit }) => {
      room.host.value = { ...room.host.value, named: true, own: true, hosts: [room.peer] };
      inMeeting(visit).openPanel("people");
    }),
  "at the door": () => atDoor("waiting"),
  "at the door of a locked meeting": () => atDoor("locked"),
  "somebody knocks": () =>
    meeting(({ room }) => {
      room.rights = { ...room.rights, host: true };
      room.door.value = fakeDoor({ waiting: ["Tom"], rules: { locked: true } });
    }),
  "people, for the host of a token room": async () => {
    await meeting(({ room, visit }) => {
      room.rights = { ...room.rights, host: true };
      room.door.value = fakeDoor({ waiting: ["Tom", "Noor"], rules: { muted: ["screen"] } });
      inMeeting(visit).openPanel("people");
    });
    await page.getByRole("button", { name: views.app.text.value.rules.ours }).click();
  },
  "muted by a host": () =>
    meeting(({ room, visit }) => {
      room.door.value = fakeDoor({ ownMuted: ["microphone", "camera", "screen"], rules: { locked: true } });
      inMeeting(visit).openPanel("people");
    }),
  "what a host can ask of somebody, on a phone": async () => {
    await page.viewport(390, 844);
    await meeting(({ room, visit }) => {
      room.host.value = { ...room.host.value, named: true, own: true, hosts: [room.peer] };
      inMeeting(visit).openPanel("people");
    });
    await page.getByRole("button", { name: views.app.text.value.host.menuOf("Mei Lin") }).click();
  },
  "a tile's menu": async () => {
    await meeting();
    await page.getByRole("button", { name: views.app.text.value.meeting.openMenu("Jonas") }).click();
  },
  "recorded, and one cannot be decrypted": () =>
    meeting(({ room }) => {
      room.participants.value = room.participants.value.map((one) => ({ ...one, recording: one.peer === "p2" }));
      room.encryption.value = { ...room.encryption.value, troubles: new Map([["p1/camera", "cannot-decrypt"]]) };
    }),
  settings: () => meeting(({ visit }) => inMeeting(visit).openPanel("settings")),
  "more menu": async () => {
    await meeting();
    await page.getByRole("button", { name: views.app.text.value.meeting.more }).click();
  },
  reactions: async () => {
    await meeting(({ room }) => room.showReaction("applause", { from: "p1", name: "Mei Lin" }));
    await page.getByRole("button", { name: views.app.text.value.reactions.title }).click();
  },
  keys: async () => {
    await meeting();
    dispatchEvent(new KeyboardEvent("keydown", { key: "?" }));
  },
};

/** What is said does not depend on the colours, so two looks see both languages and both appearances. */
const LOOKS = [
  { language: "en", theme: "light" },
  { language: "zh", theme: "dark" },
] as const;

describe.each(LOOKS)("$language, $theme", (look) => {
  test.each(Object.keys(VIEWS))("%s: axe finds no fault", async (name) => {
    views.app.settings.update(look);
    await views.app.ready();
    await VIEWS[name]?.();
    await settled();
    expect(await faults()).toEqual([]);
  });
});

test("axe finds what is wrong", async () => {
  views.root.innerHTML = '<main><h1>A</h1><button></button><p style="color: #ccc; background: #fff">pale</p></main>';
  expect(await faults()).toHaveLength(2);
});

function cameraList(cameras: FakeCamera[]): CameraList {
  return new CameraList({ site: views.app.router.site, watch: fakeWatch(cameras), onAdded: () => undefined });
}

async function faults(): Promise<readonly string[]> {
  const { violations } = await axe.run(document.body, { ...RULES, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Five people, one of them sharing, one with a raised hand, one who wrote. */
async function meeting(change: (parts: { room: FakeRoom; visit: Visit }) => unknown = () => undefined): Promise<void> {
  const room = views.newRoom();
  const visit = await views.joined(room);
  const camera = ["camera", false] as const;
  room.participants.value = [
    fakeParticipant("p1", { name: "Mei Lin", sources: [camera, ["microphone", true], ["screen", false]] }),
    fakeParticipant("p2", {
      name: "Jonas",
      sources: [
        ["camera", true],
        ["microphone", false],
      ],
      handAtMs: 1,
    }),
    fakeParticipant("p3", { name: "Amara", sources: [camera], status: "reconnecting" }),
    fakeParticipant("p4", { name: "Lab", kind: "camera", sources: [camera] }),
  ];
  room.statistics.value = {
    ...room.statistics.value,
    roundTripMs: 3.4,
    quality: new Map([["p1", { score: 2.1, level: "bad", limitedBy: "their-uplink" }]]),
    tracks: new Map([["p1/camera", fakeStatistics()]]),
  };
  const line = { from: "p1", name: "Mei Lin", own: false, sentAtMs: 1_763_800_000_000 };
  room.messages.value = [{ ...line, id: "m1", text: "See https://example.org/drawings/42" }];
  change({ room, visit });
}

async function atDoor(standing: "waiting" | "locked"): Promise<void> {
  const room = views.newRoom();
  const part = await fakePorts(room).loadMeeting();
  const loadMeeting: VisitPorts["loadMeeting"] = async () => ({
    ...part,
    enterMeeting: (_link, { onStanding }) => {
      onStanding?.(standing);
      return new Promise(() => undefined);
    },
  });
  void views.showVisit(room, fakePorts(room, { loadMeeting })).join("Ada");
}

function inMeeting(visit: Visit) {
  const phase = visit.phase.value;
  if (phase.name !== "meeting") throw new Error("The meeting did not begin.");
  return phase.meeting;
}

/** What is still fading in has colours of its own. */
async function settled(): Promise<void> {
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY) animation.cancel();
    else animation.finish();
  }
}
