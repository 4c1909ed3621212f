import { type JoinOptions, MediaError, type Participant, REACTIONS } from "@mqtt-meet/sdk/browser";
import { effect } from "@preact/signals";
import { render } from "preact";
import "./page-styles.ts";
import { AppContext } from "../app-context.ts";
import { App } from "../app-state.ts";
import { CameraList } from "../cameras/camera-list.ts";
import { CamerasView } from "../cameras/cameras-view.tsx";
import { MeetingView } from "../meeting/meeting-view.tsx";
import { Meeting, type Panel } from "../room/meeting.ts";
import { Visit } from "../room/visit.ts";
import { Home } from "../views/home.tsx";
import { MessagePage } from "../views/message-page.tsx";
import { VisitView } from "../views/room-view.tsx";
import { type FakeCamera, fakeWatch } from "./fake-camera.ts";
import { fakeDoor } from "./fake-door.ts";
import { FakeRoom } from "./fake-room.ts";
import { asDevice, fakeMicrophone, galleryRoom, liveFor, plugIn, sceneTrack } from "./gallery-room.ts";
import { showCaptions, showFiles, showPolls } from "./gallery-words.ts";

/** Shows one view with made-up people, for looking at it. Not part of the built page. */
const query = new URLSearchParams(location.search);
const is = (name: string) => query.has(name);
const number = (name: string) => Number(query.get(name) ?? 0);

async function main(): Promise<void> {
  let pastMs = 0;
  const app = new App(undefined, { nowMs: () => Date.now() + pastMs });
  const passTime = (ms: number) => {
    pastMs += ms;
  };
  plugIn();
  const language = query.get("language") === "zh" ? "zh" : "en";
  const theme = query.get("theme") === "light" ? "light" : "dark";
  app.settings.update({
    language,
    theme,
    name: is("nameless") ? "" : "Eriberto",
    cameraId: "device-0",
    microphoneId: "device-2",
    speakerId: "device-4",
    cameraOn: !is("off"),
    microphoneOn: true,
  });
  for (const [index, name] of ["opal-heron-inlet", "calm-fox-harbor"].entries()) {
    if (is("recent")) app.recent.add({ name, atMs: Date.now() - (2 - index) * 9_000_000 });
  }
  for (const [index, name] of ["yard/gate", "wss://plant.example:8084/line/2/camera"].entries()) {
    if (is("recent")) app.recentCameras.add({ name, atMs: Date.now() - (2 - index) * 7_000_000 });
  }
  await app.ready();
  const root = document.getElementById("app");
  if (!root) return;
  render(<AppContext.Provider value={app}>{await view(app, passTime)}</AppContext.Provider>, root);
  const room = globalThis.mqttMeet?.room;
  if (is("statistics") && room instanceof FakeRoom) await liveFor(room);
}

async function view(app: App, passTime: (ms: number) => void) {
  switch (query.get("view")) {
    case "home":
      return <Home />;
    case "cameras":
      return galleryCameras(app);
    case "failure":
      return <Failure app={app} />;
    default:
      return <VisitView visit={await galleryVisit(app, passTime)} access="secret" />;
  }
}

/** Cameras that work, one that has sent nothing for a while, and one that shows why it shows nothing. */
function galleryCameras(app: App) {
  const cameras: FakeCamera[] = [];
  const watch = fakeWatch(cameras, (index) =>
    index === 0 ? { kind: "bench" } : { kind: "person", number: index + 3 },
  );
  const names = ["lab/bench", "yard/gate", "wss://plant.example:8084/line/2/camera", "attic/old"];
  const wanted = names.slice(0, number("cameras"));
  const list = new CameraList({ site: app.router.site, watch, onAdded: () => undefined });
  for (const name of wanted) list.add(name);
  cameras[0]?.show({ frameRate: 24.8, bitrateBps: 6_300_000, shown: 1_204, lastAtMs: app.nowMs() });
  cameras[1]?.show({ shown: 88, lastAtMs: app.nowMs() - 47_000 });
  const refused = cameras[2];
  if (refused) refused.state.value = { status: "failed", problem: "account-needed" };
  const waiting = cameras[3];
  if (waiting) waiting.state.value = { status: "watching" };
  return <CamerasView address="" list={list} />;
}

/** Of a link that is damaged, or of a page that cannot work. */
function Failure({ app }: { readonly app: App }) {
  const { failure, link } = app.text.value;
  if (query.get("problem") !== "secret-damaged") return <MessagePage title={failure.title} reason={failure.insecure} />;
  return <MessagePage title={failure.linkTitle} reason={link["secret-damaged"]} />;
}

/** A device as the query wants it: there, not allowed, or missing. */
function openerOf(open: () => Promise<MediaStreamTrack>): () => Promise<MediaStreamTrack> {
  if (is("denied")) return () => Promise.reject(new MediaError("permission-denied", "The user said no."));
  if (is("missing")) return () => Promise.reject(new MediaError("device-missing", "There is none."));
  return open;
}

async function galleryVisit(app: App, passTime: (ms: number) => void): Promise<Visit> {
  const people = number("people");
  const room = galleryRoom({
    people,
    sharing: is("sharing"),
    longNames: is("long"),
    chinese: query.get("language") === "zh",
  });
  const visit = new Visit({
    app,
    link: { text: room.link, name: room.name },
    ports: {
      loadMeeting: async () => ({
        MeetingView,
        lookInside: (_link, { onPeople }) => onPeople(room.participants.peek()),
        prepareRoom: () => ({ join: async () => room, close: () => undefined }),
        enterMeeting: async (_link, options) => {
          if (query.get("view") === "door") await standAtDoor(options);
          return new Meeting({ ...options, ownName: options.name, room });
        },
      }),
      openCamera: openerOf(async () => asDevice("device-0", sceneTrack({ kind: "person", number: 8 }))),
      openMicrophone: openerOf(async () => asDevice("device-2", await fakeMicrophone())),
      loadBackground: () => import("../background/open-background.ts"),
      loadDenoise: () => import("../noise/open-denoised.ts"),
    },
  });
  if (is("host")) room.host.value = { ...room.host.value, named: true, own: true, hosts: [room.peer] };
  if (is("viewer")) room.rights = { ...room.rights, microphone: false, camera: false, screen: false, invite: false };
  if (is("moderator")) room.rights = { ...room.rights, host: true, invite: false };
  if (is("moderator") || is("held")) enforce(room);
  happen(room);
  trouble(room);
  if (query.get("view") === "lobby") return visit;
  const joined = visit.join("Eriberto");
  if (query.get("view") === "door") return visit;
  await joined;
  effect(() => {
    const phase = visit.phase.value;
    if (phase.name === "meeting") arrange(phase.meeting);
  });
  if (is("notice")) app.notices.say(app.text.value.meeting.joined("Mei Lin"));
  if (query.get("view") !== "left") return visit;
  passTime(47 * 60_000);
  await visit.leave(query.get("failure") === "ended" ? "ended" : undefined);
  return visit;
}

/** For as long as somebody looks. */
function standAtDoor({ onStanding }: Pick<JoinOptions, "onStanding">): Promise<void> {
  onStanding?.(is("locked") ? "locked" : "waiting");
  return new Promise(() => undefined);
}

/** With as many at the door as the query wants, one of those inside muted, and ourselves if we are no host. */
function enforce(room: FakeRoom): void {
  const mute = (participant: Participant) => ({
    ...participant,
    tracks: participant.tracks.map((track) => ({ ...track, muted: track.muted || track.kind === "audio" })),
  });
  room.participants.value = room.participants.peek().map((one) => (one.peer === "p1" ? mute(one) : one));
  room.levels.value = new Map([["p0", 0.6]]);
  const names = query.get("language") === "zh" ? ["陈思远", "王小明", "赵敏"] : ["Thandiwe Mokoena", "Ada", "Noor"];
  room.door.value = fakeDoor({
    rules: { locked: is("locked"), mutedPeers: new Map([["p1", ["microphone"]]]) },
    ownMuted: is("held") ? ["microphone", "screen"] : [],
    waiting: names.slice(0, number("knocks")),
  });
}

/** What the query wants of the connection and the sound. */
function trouble(room: FakeRoom): void {
  if (is("lost")) room.connection.value = { status: "waiting", retryAtMs: Date.now() + 4000, error: new Error("lost") };
  if (is("blocked") || is("silent")) room.audioBlocked.value = true;
  if (is("silent")) room.audioMissing.value = true;
}

/** What the query wants of the room itself. */
function happen(room: FakeRoom): void {
  if (is("troubled")) {
    room.messages.value = room.messages.value.map((message, index) => ({
      ...message,
      ...(index === 2 && { pending: true }),
      ...(index === 3 && { missingBefore: 2 }),
    }));
  }
  if (is("files")) showFiles(room);
  if (is("silent")) room.messages.value = [];
  if (is("undecryptable")) {
    room.encryption.value = { ...room.encryption.value, troubles: new Map([["p1/camera", "cannot-decrypt"]]) };
  }
  if (is("weak")) {
    const quality = new Map(room.statistics.value.quality);
    quality.set("p0", { score: 3.2, level: "fair", limitedBy: "their-uplink" });
    quality.set("p1", { score: 2.1, level: "bad", limitedBy: "my-downlink" });
    room.statistics.value = { ...room.statistics.value, quality };
  }
  if (is("captions")) showCaptions(room, { chinese: query.get("language") === "zh" });
  if (is("polls")) showPolls(room, { chinese: query.get("language") === "zh" });
  if (is("reactions")) {
    for (const [index, { peer, name }] of room.participants.value.entries()) {
      room.showReaction(REACTIONS[(index * 4) % REACTIONS.length] ?? "like", { from: peer, name });
    }
  }
}

function arrange(meeting: Meeting): void {
  if (is("statistics")) meeting.showStatistics.value = true;
  if (is("speaker")) meeting.stage.view.value = "speaker";
  meeting.stage.pinned.value = query.get("pinned") ?? undefined;
  if (is("captions")) meeting.captions.setWanted(true);
  if (is("small")) meeting.stage.ownPicture.value = "small";
  const panel = query.get("panel");
  if (panel) meeting.openPanel(panel as Panel);
}

await main();
