import type { PeerId, Request } from "@mqtt-meet/protocol";
import { ClockOffset } from "./clock-offset.ts";

/** A new acquaintance is probed in quick succession, then now and then: clocks drift by a few ms a minute at most. */
const FIRST_PROBES = 8;
const LATER_INTERVAL_MS = 10_000;

/** How far the clocks of the peers we watch are from ours. */
export class ClockProbes {
  readonly #peers = new Map<PeerId, { readonly offset: ClockOffset; nextMs: number; sent: number }>();
  readonly #send: (to: PeerId, request: Request) => void;
  #lastId = 0;

  constructor(send: (to: PeerId, request: Request) => void) {
    this.#send = send;
  }

  /** Probes those of `peers` that are due, and forgets all others. To be called a few times a second. */
  probe(peers: ReadonlySet<PeerId>, nowMs: number): void {
    for (const peer of this.#peers.keys()) if (!peers.has(peer)) this.#peers.delete(peer);
    for (const peer of peers) {
      const known = this.#peers.get(peer) ?? { offset: new ClockOffset(), nextMs: 0, sent: 0 };
      this.#peers.set(peer, known);
      if (nowMs < known.nextMs) continue;
      known.sent++;
      known.nextMs = known.sent < FIRST_PROBES ? nowMs : nowMs + LATER_INTERVAL_MS;
      this.#lastId++;
      this.#send(peer, { type: "probe", id: this.#lastId, sentAtUs: Math.floor(nowMs * 1000) });
    }
  }

  /** `from` answered. */
  reply(from: PeerId, reply: Extract<Request, { type: "probe-reply" }>, arrivedAtUs: number): void {
    this.#peers.get(from)?.offset.add({ ...reply, arrivedAtUs });
  }

  /** What to add to a time of the peer's clock to have it on ours; undefined while unknown. */
  toOursUs(peer: PeerId): number | undefined {
    const aheadUs = this.#peers.get(peer)?.offset.offsetUs;
    return aheadUs === undefined ? undefined : -aheadUs;
  }
}
