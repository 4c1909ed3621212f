import type { SenderPath } from "@mqtt-meet/media";

/**
 * What the newest answer waited on this way, or the oldest question has been waiting in vain, in milliseconds beyond a round trip
 * without queues.
 */
export function pathWaitMs({
  roundTripMs,
  waitedMs,
  minRoundTripMs,
}: Pick<SenderPath, "roundTripMs" | "waitedMs" | "minRoundTripMs">): number {
  return Math.max(roundTripMs, waitedMs) - minRoundTripMs;
}
