import { type TopicLevel, TopicScheme, topicLevel, writePacket } from "@mqtt-meet/protocol";
import type { RoomAccess } from "../room-access.ts";
import type { OpenLink, RoomLink } from "../room-link.ts";
import { SdkError } from "../sdk-error.ts";
import { LineMeter } from "./line-meter.ts";
import type { NetworkFigures } from "./network-forecast.ts";

/** PINGREQ, and how often is looked whether there is an answer. */
const PING_MS = 100;
const TICK_MS = 20;
/** Ten round trips say what jitter there is. */
const IDLE_MS = 1_000;
/** Long enough for a line of 200 kbit/s to take ten packets, short enough to wait for. */
const LOAD_MS = 2_000;
/** Twice what a camera of 720p needs; servers stop who sends twice as much (docs/protocol.md, A9). */
const LOAD_BPS = 3_000_000;
/** Two connections receive all that is sent: down, twice as much is tried as up. */
const RECEIVERS = ["C", "D"] as const;
const PACKET_BYTES = 4_096;
/** More would only wait, on a slow line for longer than the check lasts. */
const MAX_IN_FLIGHT_BYTES = 96 * 1024;
/** A way that takes longer carries no meeting. */
const CONNECT_MS = 10_000;

/** What {@link measureNetwork} needs. */
export interface MeasureOptions {
  /** Of a participant that nobody sees: it says nothing but packets that nobody asked for. */
  readonly access: Pick<RoomAccess, "room" | "peer" | "rights" | "encryption">;
  readonly openLink: OpenLink;
  /** Milliseconds, on any clock. */
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures the way to a broker and back, in about three seconds and at most 0.75 MB up and 1.5 MB down: first idle, then loaded with packets
 * on a topic of our own, which we receive twice. Rejects with an SdkError, or the signal's reason.
 */
export async function measureNetwork({ access, openLink, nowMs, signal }: MeasureOptions): Promise<NetworkFigures> {
  const { peer, rights } = access;
  const lifetime = new AbortController();
  const links: RoomLink[] = [];
  const open = (letter: string, pingIntervalMs: number) => {
    const link = openLink({ clientId: `${peer}.${letter}`, keepAliveS: 10, pingIntervalMs });
    links.push(link);
    return link;
  };
  try {
    const meter = new LineMeter();
    const up = open("B", PING_MS);
    const topic = ownTopic(access);
    const receives = rights.watch && topic !== undefined;
    const receivers = receives ? RECEIVERS.map((letter) => open(letter, 1_000)) : [];
    await connected(links, signal);
    const onMessage = ({ payload }: { readonly payload: Uint8Array }) => meter.observeArrival(payload.length, nowMs());
    const subscribe = (link: RoomLink) => link.subscribe(topic ?? "", onMessage, { signal: lifetime.signal });
    await Promise.all(receivers.map(subscribe));
    await ticking(IDLE_MS, () => meter.observeIdle(up.path()), { nowMs, signal });
    if (topic !== undefined)
      await load(up, { topic, meter, nowMs, signal, encrypted: access.encryption !== undefined });
    const { roundTripMs, jitterMs } = meter;
    if (roundTripMs === undefined) throw silent();
    return {
      ...{ roundTripMs, jitterMs },
      upBps: topic === undefined ? null : meter.upBps,
      downBps: receives ? meter.downBps : null,
    };
  } finally {
    lifetime.abort();
    await Promise.all(links.map((link) => link.close()));
  }
}

/** Where an invitation lets us send; undefined: nowhere. */
function ownTopic({ room, peer, rights }: MeasureOptions["access"]): string | undefined {
  const scheme = new TopicScheme(room);
  const track: TopicLevel = topicLevel("check");
  if (rights.camera) return scheme.video(peer, track, 0, 0);
  return rights.microphone ? scheme.audio(peer, track) : undefined;
}

/** Sends as much as is tried, as long as it does not wait. */
async function load(
  up: RoomLink,
  options: {
    readonly topic: string;
    readonly meter: LineMeter;
    readonly nowMs: () => number;
    readonly signal: AbortSignal | undefined;
    readonly encrypted: boolean;
  },
): Promise<void> {
  const { topic, meter, nowMs, encrypted } = options;
  const beganMs = nowMs();
  let frame = 0;
  const send = () => {
    const path = up.path();
    meter.observeSent(path);
    const dueBytes = (LOAD_BPS / 8000) * Math.min(LOAD_MS, nowMs() - beganMs);
    let inFlightBytes = (path?.sentBytes ?? 0) - (path?.delivered.bytes ?? 0);
    while (frame * PACKET_BYTES < dueBytes && inFlightBytes < MAX_IN_FLIGHT_BYTES) {
      up.send(topic, checkPacket(frame, encrypted));
      inFlightBytes += PACKET_BYTES;
      frame++;
    }
  };
  await ticking(LOAD_MS, send, options);
}

/** A packet as any other to a server, which drops and delays it as it would a picture (A8); it holds noise, and nobody decodes it. */
function checkPacket(frame: number, encrypted: boolean): Uint8Array {
  const flags = { keyFrame: true, lastFragment: true, discardable: false, rootKeyed: false, will: false };
  const noise = crypto.getRandomValues(new Uint8Array(PACKET_BYTES - 16));
  return writePacket({ ...flags, encrypted, fragment: 0, frame, timestampUs: 0 }, noise);
}

async function connected(links: readonly RoomLink[], signal: AbortSignal | undefined): Promise<void> {
  const timeout = AbortSignal.timeout(CONNECT_MS);
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  try {
    await Promise.all(links.map((link) => link.connected({ signal: either })));
  } catch (error) {
    signal?.throwIfAborted();
    throw timeout.aborted ? silent() : error;
  }
}

/** Does `task` at every tick for so long. Rejects with the signal's reason. */
function ticking(
  forMs: number,
  task: () => void,
  { nowMs, signal }: { readonly nowMs: () => number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const endMs = nowMs() + forMs;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearInterval(timer);
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const abort = () => end(() => reject(signal?.reason));
    const timer = setInterval(() => (nowMs() < endMs ? task() : end(resolve)), TICK_MS);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

function silent(): SdkError {
  return new SdkError("server-unreachable", "The broker does not answer.");
}
