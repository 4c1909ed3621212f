import { setTimeout as delay } from "node:timers/promises";
import type { SlowSubscriberReport } from "./diagnosis.ts";
import { type ProbeRoom, probePacket } from "./probe-line.ts";

const TICK_MS = 10;
const PACKET_BYTES = 32 * 1024;
/** What still comes comes within this time. */
const SETTLE_MS = 2_000;

/** Sends a video of about 3 MB/s for `seconds`, to a subscriber that reads and to one that does not. */
export async function slowSubscriberTest(
  room: ProbeRoom,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<SlowSubscriberReport> {
  await using publisher = await room.enter({ signal });
  await using healthy = await room.enter({ signal });
  await using slow = await room.enter({ signal });
  const filter = room.videoFilter(publisher.peer);
  const arrivals: number[] = [];
  let stale = 0;
  await healthy.connection.subscribe(filter, () => arrivals.push(performance.now()), { qos: 0, signal });
  await slow.connection.subscribe(filter, () => stale++, { qos: 0, signal });
  slow.stream.pause?.();
  const send = (number: number) =>
    publisher.connection.send(room.video(publisher.peer), probePacket(number, PACKET_BYTES));
  const sent = await sendFor(seconds, send, signal);
  await delay(SETTLE_MS / 2, undefined, { signal });
  stale = 0;
  slow.stream.resume?.();
  await delay(SETTLE_MS, undefined, { signal });
  const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
  return {
    sentMb: (sent * PACKET_BYTES) / 1e6,
    staleMb: (stale * PACKET_BYTES) / 1e6,
    disconnected: slow.connection.state.status === "closed",
    othersShare: sent === 0 ? 0 : arrivals.length / sent,
    othersGapMs: Math.round(Math.max(0, ...gaps)),
  };
}

/** At the rate of a clock: a machine that was busy catches up. Answers how many were taken. */
async function sendFor(seconds: number, send: (number: number) => boolean, signal: AbortSignal): Promise<number> {
  const beganMs = performance.now();
  let sent = 0;
  for (let number = 0; performance.now() - beganMs < seconds * 1000; ) {
    for (; number * TICK_MS < performance.now() - beganMs; number++) if (send(number)) sent++;
    await delay(TICK_MS, undefined, { signal });
  }
  return sent;
}
