import type { SenderPath } from "@mqtt-meet/media";
import type { PeerId } from "@mqtt-meet/protocol";
import { GrowthRate } from "./growth-rate.ts";
import { pathWaitMs } from "./path-wait.ts";

/** Of a byte. */
const BITS = 8;

/**
 * When one participant's pictures are all that comes, a queue on them may be its own: it is ours when the answers to PINGREQ wait
 * for at least this part of it, too.
 */
const OWN_PART = 0.25;

/** A watched track, as far as it tells of our way from the broker. */
export interface ArrivingTrack {
  readonly peer: PeerId;
  readonly bytesReceived: number;
  readonly queueMs: number;
}

/** What our way from the broker carries, and what waits on it: whatever waits there delays everybody's pictures. */
export class DownlinkView {
  readonly #received = new GrowthRate();

  /** To be called a few times a second with all that is watched. */
  look(
    tracks: ReadonlyMap<string, ArrivingTrack>,
    { nowMs, path }: { readonly nowMs: number; readonly path: SenderPath | undefined },
  ): { readonly receivedBps: number; readonly queueMs: number | undefined } {
    const queues = new Map<PeerId, number>();
    for (const [key, { peer, bytesReceived, queueMs }] of tracks) {
      const fresh = this.#received.count(key, bytesReceived, BITS);
      if (fresh > 0) queues.set(peer, Math.min(queueMs, queues.get(peer) ?? queueMs));
    }
    return { receivedBps: this.#received.perSecond(tracks, nowMs), queueMs: ownQueue([...queues.values()], path) };
  }
}

function ownQueue(queuesMs: readonly number[], path: SenderPath | undefined): number | undefined {
  if (queuesMs.length === 0) return undefined;
  const leastMs = Math.min(...queuesMs);
  if (queuesMs.length > 1 || path === undefined) return leastMs;
  // Where packets are lost, what waits does so on one of several connections only.
  const isOwn = path.worstWaitMs !== undefined || pathWaitMs(path) >= OWN_PART * leastMs;
  return isOwn ? leastMs : 0;
}
