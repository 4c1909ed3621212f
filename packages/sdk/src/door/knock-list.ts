import { KNOCK_LEASE_MS } from "@mqtt-meet/protocol";
import type { WaitingPerson } from "./room-door-state.ts";

/** More do not stand at a door (docs/protocol.md); whoever knocks beyond is not shown until somebody is gone. */
const MAX_WAITING = 100;

interface Knocker extends WaitingPerson {
  readonly heardMs: number;
}

/** Who waits at the door, by their knocks. Times are milliseconds of one clock. */
export class KnockList {
  #knockers: readonly Knocker[] = [];
  #waiting: readonly WaitingPerson[] = [];
  /** Whom a host has answered, and until when their knocks may still be on their way. */
  readonly #answered = new Map<string, number>();

  /** In the order in which they came; another list whenever something changed, and only then. */
  get waiting(): readonly WaitingPerson[] {
    return this.#waiting;
  }

  /** `peer` knocks. The newest is refused where too many wait. */
  knock(peer: string, name: string, nowMs: number): void {
    if ((this.#answered.get(peer) ?? nowMs) > nowMs) return;
    const known = this.#knockers.find((knocker) => knocker.peer === peer);
    if (known === undefined && this.#knockers.length >= MAX_WAITING) return;
    const knocker = { peer, name, sinceMs: known?.sinceMs ?? nowMs, heardMs: nowMs };
    this.#set(known ? this.#knockers.map((one) => (one === known ? knocker : one)) : [...this.#knockers, knocker]);
  }

  /** `peer` does not wait any more. */
  remove(peer: string): void {
    this.#set(this.#knockers.filter((knocker) => knocker.peer !== peer));
  }

  /** We have let `peer` in, or sent it away: knocks that were on their way bring it back only if that came to nothing. */
  answer(peer: string, nowMs: number): void {
    this.#answered.set(peer, nowMs + KNOCK_LEASE_MS);
    this.remove(peer);
  }

  /** Time has passed. `isInside`: who came in does not wait. */
  check(isInside: (peer: string) => boolean, nowMs: number): void {
    for (const [peer, untilMs] of this.#answered) if (untilMs <= nowMs) this.#answered.delete(peer);
    this.#set(this.#knockers.filter(({ peer, heardMs }) => nowMs - heardMs <= KNOCK_LEASE_MS && !isInside(peer)));
  }

  /** We could hear nobody for a while, which says nothing of those who wait. */
  refresh(nowMs: number): void {
    this.#knockers = this.#knockers.map((knocker) => ({ ...knocker, heardMs: nowMs }));
  }

  #set(knockers: readonly Knocker[]): void {
    this.#knockers = knockers;
    const waiting = knockers.map(({ peer, name, sinceMs }) => ({ peer, name, sinceMs }));
    const isSame =
      waiting.length === this.#waiting.length &&
      waiting.every(({ peer, name }, i) => this.#waiting[i]?.peer === peer && this.#waiting[i]?.name === name);
    if (!isSame) this.#waiting = waiting;
  }
}
