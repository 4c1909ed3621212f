import { setTimeout as delay } from "node:timers/promises";
import { parsePacket, topicLevel, writePacket } from "@mqtt-meet/protocol";
import type { RawPeer } from "./raw-peer.ts";

const SECONDS = 5;
const TICK_MS = 10;
/** A key frame each second. */
const KEY_EVERY = 100;
/** What waits in queues and sockets comes within this time, when it comes at all. */
const SETTLE_MS = 3_000;

/** What became of a video of which one viewer stopped reading. */
export interface FloodReport {
  readonly sent: number;
  readonly healthy: number;
  /** The longest time in which the healthy viewer got nothing, less the longest in which this process stood still. */
  readonly longestGapMs: number;
  /** Packets that the slow viewer got when it read again. */
  readonly stale: number;
  readonly staleMb: number;
  /** Whether the slow viewer was disconnected. */
  readonly cut: boolean;
}

const nowUs = () => Math.floor((performance.timeOrigin + performance.now()) * 1000);

/** Sends a video of 100 packets a second for five seconds to two viewers, one of which does not read meanwhile. */
export async function flood(options: {
  readonly publisher: RawPeer;
  readonly healthy: RawPeer;
  readonly slow: RawPeer;
  readonly packetBytes: number;
}): Promise<FloodReport> {
  const { publisher, healthy, slow, packetBytes } = options;
  const track = topicLevel("flood");
  const topic = publisher.topics.video(publisher.peer, track, 0, 0);
  const filter = publisher.topics.videoFilter(publisher.peer, track, 0);
  const [up, down, stalled] = [await publisher.connect(".B"), await healthy.connect(".C"), await slow.connect(".C")];
  const { signal } = new AbortController();
  const arrivals: number[] = [];
  let stale = 0;
  await down.subscribe(filter, () => arrivals.push(performance.now()), { qos: 0, signal });
  await stalled.subscribe(filter, ({ payload }) => (stale += parsePacket(payload) ? 1 : 0), { qos: 0, signal });
  slow.stream(".C").pause?.();
  const { sent, stillMs } = await send((number) => up.send(topic, packet(number, packetBytes)));
  await delay(SETTLE_MS / 3);
  stale = 0;
  slow.stream(".C").resume?.();
  await delay(SETTLE_MS);
  const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
  return {
    ...{ sent, healthy: arrivals.length, stale, staleMb: (stale * packetBytes) / 1e6 },
    ...{ longestGapMs: Math.round(Math.max(0, Math.max(...gaps) - stillMs)), cut: stalled.state.status === "closed" },
  };
}

function packet(frame: number, sizeBytes: number): Uint8Array {
  const keyFrame = frame % KEY_EVERY === 0;
  const flags = { lastFragment: true, encrypted: false, discardable: false, rootKeyed: false, will: false };
  return writePacket({ ...flags, keyFrame, fragment: 0, frame, timestampUs: nowUs() }, new Uint8Array(sizeBytes));
}

/** At the rate of a clock: a machine that was busy catches up. Answers also how long it was busy with other things at a time. */
async function send(one: (number: number) => boolean): Promise<{ sent: number; stillMs: number }> {
  const beganMs = performance.now();
  let number = 0;
  let sent = 0;
  let stillMs = 0;
  for (let nowMs = beganMs; nowMs - beganMs < SECONDS * 1000; ) {
    for (; number * TICK_MS < nowMs - beganMs; number++) if (one(number)) sent++;
    await delay(TICK_MS);
    stillMs = Math.max(stillMs, performance.now() - nowMs - TICK_MS);
    nowMs = performance.now();
  }
  return { sent, stillMs };
}
