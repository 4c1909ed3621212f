import type { PeerId, TopicLevel } from "@mqtt-meet/protocol";

/** Receivers say every so often what they watch. */
export const WANT_INTERVAL_MS = 5_000;
/** What a receiver watches is forgotten so long after it last said so. */
export const WANT_LEASE_MS = 12_000;
/** More receivers than participants: a want may come before its sender's state. */
const MAX_RECEIVERS = 200;

/** One layer of one of our tracks. */
export interface WantedLayer {
  readonly track: TopicLevel;
  readonly layer: number;
}

interface Lease {
  /** By `track/layer`. */
  readonly layers: ReadonlyMap<string, WantedLayer>;
  readonly untilMs: number;
}

/** Who watches which layers of our tracks. A want replaces all earlier ones of the same receiver. */
export class WantLeases {
  readonly #leases = new Map<PeerId, Lease>();

  /** Returns the layers that `from` did not watch before: they owe it a key frame. */
  want(
    from: PeerId,
    want: { readonly layers: Iterable<WantedLayer>; readonly leaseMs: number; readonly nowMs: number },
  ): readonly WantedLayer[] {
    this.expire(want.nowMs);
    const before = this.#leases.get(from)?.layers;
    const layers = new Map([...want.layers].map((wanted) => [`${wanted.track}/${wanted.layer}`, wanted]));
    if (layers.size === 0) this.#leases.delete(from);
    else if (before !== undefined || this.#leases.size < MAX_RECEIVERS) {
      this.#leases.set(from, { layers, untilMs: want.nowMs + Math.min(Math.max(want.leaseMs, 0), WANT_LEASE_MS) });
    } else return [];
    return [...layers].filter(([key]) => !before?.has(key)).map(([, wanted]) => wanted);
  }

  /** The layers of `track` that anybody watches. */
  watchedLayers(track: TopicLevel, nowMs: number): ReadonlySet<number> {
    this.expire(nowMs);
    const all = [...this.#leases.values()].flatMap(({ layers }) => [...layers.values()]);
    return new Set(all.filter((wanted) => wanted.track === track).map(({ layer }) => layer));
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
