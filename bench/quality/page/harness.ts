import type { StampedCamera } from "../../latency/page/camera.ts";
import { ShownFrames } from "../../latency/page/shown-frames.ts";
import { BeepEar } from "./beep-ear.ts";
import type { ContenderName, Counts, Sending, Viewing } from "./contender.ts";
import { openDevices } from "./devices.ts";
import { fetchWorklets } from "./fetch-worklets.ts";
import { type JanusLobby, lobbyOfJanus, publishInJanus, watchJanus } from "./janus-client.ts";
import { JanusSession } from "./janus-session.ts";
import { type MeetingLook, MeetingPart } from "./meeting-part.ts";
import { answerCalls, call, type Signal } from "./peer-connection.ts";
import { type PictureSample, samplePicture } from "./picture-samples.ts";
import { lobbyOfRoom, publishInRoom, watchRoom } from "./rooms.ts";

/** What the bench tells a page to do. */
export interface Order {
  readonly contender: ContenderName;
  /** The link of the meeting, or where Janus listens; a peer connection has none. */
  readonly address: string;
  readonly codec: Sending["codec"];
  readonly bitrateBps: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly beepHz: number;
}

/** What a sender noted, in milliseconds of the Unix epoch. */
export interface SenderReport {
  /** When frame n was handed out. */
  readonly capturedMs: readonly number[];
  readonly beepsMs: readonly number[];
  readonly about: string;
}

/** What a viewer noted, in milliseconds of the Unix epoch. */
export interface ViewerReport {
  /** When each number was first seen, in this order. */
  readonly shown: readonly { readonly number: number; readonly atMs: number }[];
  readonly beepsMs: readonly number[];
  /** What the device adds to it, as the page's sound says. */
  readonly outputLatencyMs: number;
}

/** What a page of the bench can be told. A page is a sender or a viewer. */
export interface Harness {
  send(order: Order): Promise<void>;
  /** Stands in a lobby, which has made ready what may be before a click. */
  waitInLobby(order: Order): Promise<void>;
  /** As viewer number `viewer`, from 0. Resolves with the time from now, the click, to the first picture, in milliseconds. */
  view(order: Order, viewer: number): Promise<number>;
  /** A signal of the other page: of viewer number `viewer`, or for it. */
  hear(viewer: number, signal: Signal): Promise<void>;
  counts(): Promise<Counts>;
  sample(): Promise<PictureSample | undefined>;
  senderReport(): SenderReport;
  viewerReport(): ViewerReport;
  /** Takes part in a meeting of many, which is looked at less closely. */
  join(order: Order): Promise<void>;
  /** Shows everybody else. Resolves once all of them, so many, are seen. */
  watchOthers(others: number): Promise<void>;
  meetingLook(): Promise<MeetingLook>;
}

/** Given by the bench: takes a signal of viewer number `viewer`, or for it, to the other page. */
declare function tellOther(viewer: number, signal: Signal): Promise<void>;

const epoch = (atMs: number) => performance.timeOrigin + atMs;
const tell = (viewer: number, signal: Signal) => void tellOther(viewer, signal);

let camera: StampedCamera | undefined;
let ear: BeepEar | undefined;
/** Who stands in no lobby has none of these. */
const lobby: { ours?: ReturnType<typeof lobbyOfRoom>; janus?: JanusLobby } = {};
let viewing: Viewing | undefined;
let hearSignal: Harness["hear"] | undefined;
let aboutSender = () => "";
let element: HTMLVideoElement | undefined;
let look: ShownFrames | undefined;
let outputLatencyMs = 0;
let part: MeetingPart | undefined;
/** Signals may come before there is somebody to hear them. */
const early: (readonly [number, Signal])[] = [];

async function send(order: Order): Promise<void> {
  const { sending, microphone, stamped } = await openDevices(order);
  camera = stamped;
  ear = new BeepEar(microphone.clone(), order);
  const { address, contender } = order;
  if (contender === "webrtc") await listen(answerCalls(sending, tell));
  else if (contender === "janus") await publishInJanus(await (await JanusSession.open(address)).attach(), sending);
  else aboutSender = await publishInRoom(address, sending);
}

async function waitInLobby({ contender, address }: Order): Promise<void> {
  if (contender === "ours") lobby.ours = lobbyOfRoom(address);
  if (contender === "janus") lobby.janus = await lobbyOfJanus(address);
}

async function view(order: Order, viewer: number): Promise<number> {
  element = document.createElement("video");
  Object.assign(element, { autoplay: true, playsInline: true, muted: order.contender === "ours" });
  document.body.replaceChildren(element);
  const shown = new ShownFrames(element);
  look = shown;
  everyPicture(() => shown.look(performance.now()));
  const clickedMs = performance.now();
  viewing = await begin(order, { viewer, on: element });
  void viewing.sound.then((track) => {
    ear = new BeepEar(track, order);
  });
  while (look.shownMs.size === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const speaker = new AudioContext();
  setTimeout(() => {
    outputLatencyMs = (speaker.outputLatency || speaker.baseLatency) * 1000;
    void speaker.close();
  }, 3_000);
  const [firstMs = Number.NaN] = look.shownMs.values();
  return firstMs - clickedMs;
}

async function begin(
  { contender, address, codec }: Order,
  { viewer, on }: { viewer: number; on: HTMLVideoElement },
): Promise<Viewing> {
  if (contender === "ours") return await watchRoom(address, { element: on, lobby: lobby.ours });
  if (contender === "janus") return await watchJanus(address, { element: on, lobby: lobby.janus });
  const called = await call(codec, { element: on, tell: (signal) => tell(viewer, signal) });
  await listen((_, signal) => called.hear(signal));
  return called.viewing;
}

async function listen(to: Harness["hear"]): Promise<void> {
  hearSignal = to;
  for (const [viewer, signal] of early.splice(0)) await to(viewer, signal);
}

async function hear(viewer: number, signal: Signal): Promise<void> {
  if (hearSignal) await hearSignal(viewer, signal);
  else early.push([viewer, signal]);
}

async function counts(): Promise<Counts> {
  if (viewing === undefined) throw new Error("This page views nothing.");
  return await viewing.counts();
}

async function sample(): Promise<PictureSample | undefined> {
  return element && (await samplePicture(element));
}

function senderReport(): SenderReport {
  const beepsMs = ear?.heardMs.map(epoch) ?? [];
  return { capturedMs: camera?.capturedMs.map(epoch) ?? [], beepsMs, about: aboutSender() };
}

function viewerReport(): ViewerReport {
  const shown = [...(look?.shownMs ?? [])].map(([number, atMs]) => ({ number, atMs: epoch(atMs) }));
  return { shown, beepsMs: ear?.heardMs.map(epoch) ?? [], outputLatencyMs };
}

function everyPicture(then: () => void): void {
  requestAnimationFrame(function again() {
    then();
    requestAnimationFrame(again);
  });
}

async function join(order: Order): Promise<void> {
  part = await MeetingPart.join(order);
}

async function watchOthers(others: number): Promise<void> {
  await inMeeting().watchOthers(others);
}

async function meetingLook(): Promise<MeetingLook> {
  return await inMeeting().look();
}

function inMeeting(): MeetingPart {
  if (part === undefined) throw new Error("This page is in no meeting.");
  return part;
}

fetchWorklets();
const harness: Harness = {
  waitInLobby,
  send,
  view,
  hear,
  counts,
  sample,
  senderReport,
  viewerReport,
  join,
  watchOthers,
  meetingLook,
};
Object.assign(globalThis, { harness });
