import type { PathState } from "@mqtt-meet/mqtt";

/** What comes of less than this says nothing of a rate. */
const LEAST_SPAN_MS = 200;

/** Collects what one check sees: round trips while the line is idle, and bytes while it is loaded. No clock, no timers. */
export class LineMeter {
  readonly #roundTripsMs: number[] = [];
  #answeredAtMs: number | undefined;
  #deliveredFirst: PathState["delivered"] | undefined;
  #deliveredLast: PathState["delivered"] | undefined;
  #arrivals: { readonly firstMs: number; lastMs: number; bytes: number } | undefined;

  /** The newest answer to PINGREQ while nothing else is sent. The same one twice counts once. */
  observeIdle(path: Pick<PathState, "roundTripMs" | "delivered"> | undefined): void {
    if (path === undefined || path.delivered.atMs === this.#answeredAtMs) return;
    this.#answeredAtMs = path.delivered.atMs;
    this.#roundTripsMs.push(path.roundTripMs);
  }

  /** What the broker is known to have, while much is sent. */
  observeSent(path: Pick<PathState, "delivered"> | undefined): void {
    if (path === undefined) return;
    this.#deliveredFirst ??= path.delivered;
    this.#deliveredLast = path.delivered;
  }

  /** So much came back. The first of it only starts the time. */
  observeArrival(bytes: number, nowMs: number): void {
    if (this.#arrivals === undefined) this.#arrivals = { firstMs: nowMs, lastMs: nowMs, bytes: 0 };
    else {
      this.#arrivals.lastMs = nowMs;
      this.#arrivals.bytes += bytes;
    }
  }

  /** The median; undefined before the first answer. */
  get roundTripMs(): number | undefined {
    const sorted = [...this.#roundTripsMs].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  /** The mean difference of one round trip to the next, which a single late one does not decide; 0 of fewer than two. */
  get jitterMs(): number {
    const steps = this.#roundTripsMs.slice(1).map((value, i) => Math.abs(value - (this.#roundTripsMs[i] ?? value)));
    return steps.length === 0 ? 0 : steps.reduce((sum, step) => sum + step, 0) / steps.length;
  }

  /** Bits a second that the broker got; 0 when that never grew. */
  get upBps(): number {
    const [first, last] = [this.#deliveredFirst, this.#deliveredLast];
    if (first === undefined || last === undefined) return 0;
    return rateBps(last.bytes - first.bytes, last.atMs - first.atMs);
  }

  /** Bits a second that came back. */
  get downBps(): number {
    const { bytes, firstMs, lastMs } = this.#arrivals ?? { bytes: 0, firstMs: 0, lastMs: 0 };
    return rateBps(bytes, lastMs - firstMs);
  }
}

function rateBps(bytes: number, ms: number): number {
  return ms <= 0 ? 0 : Math.round((8000 * bytes) / Math.max(ms, LEAST_SPAN_MS));
}
