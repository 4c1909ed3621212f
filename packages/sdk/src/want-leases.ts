import type { PeerId, TopicLevel } from "@mqtt-meet/protocol";

/** Receivers say every so often what they watch. */
export const WANT_INTERVAL_MS = 5_000;
/** What a receiver watches is forgotten so long after it last said so. */
export const WANT_LEASE_MS = 12_000;
/** More receivers than participants: a want may come before its sender's state. */
const MAX_RECEIVERS = 200;

interface Lease {
  readonly tracks: ReadonlySet<TopicLevel>;
  readonly untilMs: number;
}

/** Who watches which of our tracks. A want replaces all earlier ones of the same receiver. */
export class WantLeases {
  readonly #leases = new Map<PeerId, Lease>();

  /** Returns the tracks that `from` did not watch before: they owe it a key frame. */
  want(
    from: PeerId,
    want: { readonly tracks: Iterable<TopicLevel>; readonly leaseMs: number; readonly nowMs: number },
  ): readonly TopicLevel[] {
    this.expire(want.nowMs);
    const before = this.#leases.get(from)?.tracks;
    const tracks = new Set(want.tracks);
    if (tracks.size === 0) this.#leases.delete(from);
    else if (before !== undefined || this.#leases.size < MAX_RECEIVERS) {
      this.#leases.set(from, { tracks, untilMs: want.nowMs + Math.min(Math.max(want.leaseMs, 0), WANT_LEASE_MS) });
    } else return [];
    return [...tracks].filter((track) => !before?.has(track));
  }

  /** Whether anybody watches `track`. */
  isWatched(track: TopicLevel, nowMs: number): boolean {
    this.expire(nowMs);
    for (const lease of this.#leases.values()) if (lease.tracks.has(track)) return true;
    return false;
  }

  /** Who watches any of our tracks. */
  watchers(nowMs: number): readonly PeerId[] {
    this.expire(nowMs);
    return [...this.#leases.keys()];
  }

  /** `peer` is gone. */
  drop(peer: PeerId): void {
    this.#leases.delete(peer);
  }

  expire(nowMs: number): void {
    for (const [peer, lease] of this.#leases) if (nowMs >= lease.untilMs) this.#leases.delete(peer);
  }
}
