import { isFirefox } from "../is-firefox.ts";

/**
 * What a buffer of Firefox and one of the sound server hold together, in microseconds: an estimate. What it is wrong by moves
 * lips against sound, and nobody sees less than 45 ms of that (ITU-R BT.1359).
 */
const FIREFOX_LATENCY_US = 30_000;

/** As much of an `AudioContext` as is asked. */
export type LatentContext = Pick<AudioContext, "baseLatency" | "outputLatency">;

/**
 * How long what `context` plays takes to the ear, in microseconds, as far as the browser says. Firefox is not asked: it keeps
 * its audio graph locked while it waits for the sound server, which may at that time be waiting for the graph, and then the
 * page stands still for ever. `getOutputTimestamp` asks the same.
 */
export function outputLatencyUs(context: LatentContext, userAgent: string): number {
  if (isFirefox(userAgent)) return FIREFOX_LATENCY_US;
  return Math.round((context.outputLatency || context.baseLatency || 0) * 1e6);
}
