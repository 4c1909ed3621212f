import type { PathState } from "@mqtt-meet/mqtt";
import { Standstill } from "./standstill.ts";

/** Nobody can talk over pictures that are later than this, and no network is as slow by itself. */
const LATE_MS = 1_500;
/** A key frame, or a cut that has just ended, holds answers up for a moment. */
const LASTING_MS = 2_000;
/** On a line that is too narrow the queue comes back: each new connection costs a key frame, so there are fewer and fewer. */
const REST_MS = 15_000;
const LONGEST_REST_MS = 240_000;
/** Between two looks: more, and this machine stood still, and what is late is late by that. */
const STANDSTILL_MS = 1_000;

/**
 * Sees a backlog on a connection that others' pictures come on. A broker without our drops keeps all for a slow receiver, tens of
 * megabytes of it, and only the end of the connection makes it forget them. The answers to PINGREQ stand in the same queue.
 */
export class BacklogWatch {
  #leastMs = Number.POSITIVE_INFINITY;
  #answeredAtMs: number | undefined;
  #lateSinceMs: number | undefined;
  readonly #standstill = new Standstill(STANDSTILL_MS);
  #queueMs = 0;
  #restMs = REST_MS;
  #renewedMs = Number.NEGATIVE_INFINITY;

  /** What the newest answer has waited in queues. */
  get queueMs(): number {
    return this.#queueMs;
  }

  /** The connection is another one. */
  restart(): void {
    this.#queueMs = 0;
    this.#leastMs = Number.POSITIVE_INFINITY;
    this.#answeredAtMs = undefined;
    this.#lateSinceMs = undefined;
  }

  /** To be called a few times a second. Returns whether to give the connection up, and what waits on it with it. */
  isStale(path: Pick<PathState, "roundTripMs" | "delivered"> | undefined, nowMs: number): boolean {
    if (this.#standstill.endsAt(nowMs)) this.#lateSinceMs = undefined;
    if (path === undefined || path.delivered.atMs === this.#answeredAtMs) return false;
    this.#answeredAtMs = path.delivered.atMs;
    this.#leastMs = Math.min(this.#leastMs, path.roundTripMs);
    this.#queueMs = path.roundTripMs - this.#leastMs;
    if (this.#queueMs <= LATE_MS) {
      this.#lateSinceMs = undefined;
      return false;
    }
    this.#lateSinceMs ??= nowMs;
    return nowMs - this.#lateSinceMs >= LASTING_MS && this.#mayRenew(nowMs);
  }

  #mayRenew(nowMs: number): boolean {
    const sinceMs = nowMs - this.#renewedMs;
    if (sinceMs < this.#restMs) return false;
    this.#restMs = sinceMs < 2 * this.#restMs ? Math.min(LONGEST_REST_MS, 2 * this.#restMs) : REST_MS;
    this.#renewedMs = nowMs;
    return true;
  }
}
