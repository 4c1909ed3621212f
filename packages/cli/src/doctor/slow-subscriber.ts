import { setTimeout as delay } from "node:timers/promises";
import type { SlowSubscriberReport } from "./diagnosis.ts";
import { type ProbeRoom, probePacket } from "./probe-line.ts";

const TICK_MS = 10;
const PACKET_BYTES = 32 * 1024;
/** What still comes comes within this time. */
const SETTLE_MS = 2_000;

/** Sends a video of about 3 MB/s for `seconds`, to a subscriber that reads and to one that does not; first to both reading. */
export async function slowSubscriberTest(
  room: ProbeRoom,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<SlowSubscriberReport> {
  await using publisher = await room.enter({ signal });
  await using healthy = await room.enter({ signal });
  await using slow = await room.enter({ signal });
  const filter = room.videoFilter(publisher.peer);
  let arrivals: number[] = [];
  let stale = 0;
  await healthy.connection.subscribe(filter, () => arrivals.push(performance.now()), { qos: 0, signal });
  await slow.connection.subscribe(filter, () => stale++, { qos: 0, signal });
  const send = (number: number) =>
    publisher.connection.send(room.video(publisher.peer), probePacket(number, PACKET_BYTES));
  const before = await sendFor(seconds / 2, send, signal);
  await delay(SETTLE_MS / 2, undefined, { signal });
  const gapBeforeMs = longestGapMs(arrivals) - before.stillMs;
  arrivals = [];
  slow.stream.pause?.();
  const { sent, stillMs } = await sendFor(seconds, send, signal);
  await delay(SETTLE_MS / 2, undefined, { signal });
  stale = 0;
  slow.stream.resume?.();
  await delay(SETTLE_MS, undefined, { signal });
  return {
    sentMb: (sent * PACKET_BYTES) / 1e6,
    staleMb: (stale * PACKET_BYTES) / 1e6,
    disconnected: slow.connection.state.status === "closed",
    othersShare: sent === 0 ? 0 : arrivals.length / sent,
    othersGapMs: Math.max(0, Math.round(longestGapMs(arrivals) - stillMs)),
    gapBeforeMs: Math.max(0, Math.round(gapBeforeMs)),
  };
}

function longestGapMs(arrivals: readonly number[]): number {
  return Math.max(0, ...arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at)));
}

/** At the rate of a clock: a machine that was busy catches up. Answers how many were taken and how long this program stood still at a time. */
async function sendFor(
  seconds: number,
  send: (number: number) => boolean,
  signal: AbortSignal,
): Promise<{ sent: number; stillMs: number }> {
  const beganMs = performance.now();
  let [sent, number, stillMs] = [0, 0, 0];
  for (let nowMs = beganMs; nowMs - beganMs < seconds * 1000; ) {
    for (; number * TICK_MS < nowMs - beganMs; number++) if (send(number)) sent++;
    await delay(TICK_MS, undefined, { signal });
    stillMs = Math.max(stillMs, performance.now() - nowMs - TICK_MS);
    nowMs = performance.now();
  }
  return { sent, stillMs };
}
