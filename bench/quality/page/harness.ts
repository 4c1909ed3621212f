import { StampedCamera } from "../../latency/page/camera.ts";
import { ShownFrames } from "../../latency/page/shown-frames.ts";
import { BeepEar } from "./beep-ear.ts";
import type { ContenderName, Counts, Sending, Viewing } from "./contender.ts";
import { fetchWorklets } from "./fetch-worklets.ts";
import { publishInJanus, watchJanus } from "./janus-client.ts";
import { answerCall, call, type Signal } from "./peer-connection.ts";
import { type PictureSample, samplePicture } from "./picture-samples.ts";
import { publishInRoom, watchRoom } from "./rooms.ts";
import { openStampedSound } from "./stamped-sound.ts";

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
  /** Resolves with the time from now to the first picture, in milliseconds. */
  view(order: Order): Promise<number>;
  /** A signal of the other page. */
  hear(signal: Signal): Promise<void>;
  counts(): Promise<Counts>;
  sample(): Promise<PictureSample | undefined>;
  senderReport(): SenderReport;
  viewerReport(): ViewerReport;
}

/** Given by the bench: takes a signal to the other page. */
declare function tellOther(signal: Signal): Promise<void>;

const epoch = (atMs: number) => performance.timeOrigin + atMs;
const tell = (signal: Signal) => void tellOther(signal);

let camera: StampedCamera | undefined;
let ear: BeepEar | undefined;
let viewing: Viewing | undefined;
let hearSignal: ((signal: Signal) => Promise<void>) | undefined;
let aboutSender = () => "";
let element: HTMLVideoElement | undefined;
let look: ShownFrames | undefined;
let outputLatencyMs = 0;
/** Signals may come before there is somebody to hear them. */
const early: Signal[] = [];

async function send(order: Order): Promise<void> {
  const [pictures, sound] = [...(document.querySelector("input")?.files ?? [])];
  if (!pictures || !sound) throw new Error("The page was given no clip.");
  camera = new StampedCamera(await readPictures(pictures, order), order);
  const microphone = await openStampedSound(sound);
  ear = new BeepEar(microphone.clone(), order);
  const { codec, bitrateBps, address, contender } = order;
  const sending = { picture: camera.track, sound: microphone, codec, bitrateBps };
  if (contender === "webrtc") await listen(answerCall(sending, tell));
  else if (contender === "janus") await publishInJanus(address, sending);
  else aboutSender = await publishInRoom(address, sending);
}

async function view(order: Order): Promise<number> {
  element = document.createElement("video");
  Object.assign(element, { autoplay: true, playsInline: true, muted: order.contender === "ours" });
  document.body.replaceChildren(element);
  const shown = new ShownFrames(element);
  look = shown;
  everyPicture(() => shown.look(performance.now()));
  const clickedMs = performance.now();
  viewing = await begin(order, element);
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

async function begin({ contender, address, codec }: Order, on: HTMLVideoElement): Promise<Viewing> {
  if (contender === "ours") return await watchRoom(address, on);
  if (contender === "janus") return await watchJanus(address, on);
  const called = await call(codec, { element: on, tell });
  await listen(called.hear);
  return called.viewing;
}

async function listen(to: (signal: Signal) => Promise<void>): Promise<void> {
  hearSignal = to;
  for (const signal of early.splice(0)) await to(signal);
}

async function hear(signal: Signal): Promise<void> {
  if (hearSignal) await hearSignal(signal);
  else early.push(signal);
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

/** Planes Y, U, V of 4:2:0, one picture after the other. */
async function readPictures(file: File, { widthPx, heightPx }: Order): Promise<Uint8Array[]> {
  const all = new Uint8Array(await file.arrayBuffer());
  const sizeBytes = (widthPx * heightPx * 3) / 2;
  return Array.from({ length: Math.floor(all.length / sizeBytes) }, (_, i) =>
    all.subarray(i * sizeBytes, (i + 1) * sizeBytes),
  );
}

fetchWorklets();
const harness: Harness = { send, view, hear, counts, sample, senderReport, viewerReport };
Object.assign(globalThis, { harness });
