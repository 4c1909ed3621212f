import { Standstill } from "./standstill.ts";

/**
 * Two heartbeats and some patience: with the time to connect again still less than the 20 s of silence after which we would take
 * everybody for gone.
 */
const PATIENCE_MS = 10_000;
/** In vain, and again: a broker that stays broken is not dialled without end. */
const LONGEST_PATIENCE_MS = 160_000;
/** Between two checks: more, and this machine stood still, so that nothing could be heard. */
const STANDSTILL_MS = 2_000;

/**
 * Whether the broker still delivers to us. Everybody's state comes to whoever is in the room, our own heartbeats with it; when they
 * stay away although the connection lives, the broker has lost our subscription, and would never say so.
 */
export class OwnEcho {
  /** The largest heartbeat that came back; undefined while none ever did, and then none is missed. */
  #heard: number | undefined;
  #missingSinceMs: number | undefined;
  readonly #standstill = new Standstill(STANDSTILL_MS);
  #patienceMs = PATIENCE_MS;

  /** Our own state of this heartbeat came from the broker. */
  hear(heartbeat: number): void {
    if (heartbeat <= (this.#heard ?? 0)) return;
    this.#heard = heartbeat;
    this.#patienceMs = PATIENCE_MS;
  }

  /** The connection is a new one. */
  restart(): void {
    this.#missingSinceMs = undefined;
  }

  /** To be called a few times a second while connected. `said`: our last heartbeat. Returns whether to connect anew. */
  isLost(said: number, nowMs: number): boolean {
    if (this.#standstill.endsAt(nowMs)) this.#missingSinceMs = undefined;
    if (this.#heard === undefined || this.#heard >= said) this.#missingSinceMs = undefined;
    else this.#missingSinceMs ??= nowMs;
    if (nowMs - (this.#missingSinceMs ?? nowMs) < this.#patienceMs) return false;
    this.#missingSinceMs = undefined;
    this.#patienceMs = Math.min(LONGEST_PATIENCE_MS, 2 * this.#patienceMs);
    return true;
  }
}
