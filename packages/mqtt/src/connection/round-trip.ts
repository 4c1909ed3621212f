/** The least round trip is looked for within this time: long enough to see an empty queue, short enough for a new path. */
const WINDOW_MS = 30_000;

interface Sample {
  readonly atMs: number;
  readonly roundTripMs: number;
}

/** The round trips of PINGREQ: the newest, and the least of the last 30 seconds. */
export class RoundTrip {
  #lastMs: number | undefined;
  #pingAtMs: number | undefined;
  /** Ascending in time and in value: a sample after a smaller or equal one of later date is never the minimum. */
  #samples: Sample[] = [];

  /** When the PINGREQ was sent that has no answer yet. */
  get pingAtMs(): number | undefined {
    return this.#pingAtMs;
  }

  pinged(nowMs: number): void {
    this.#pingAtMs = nowMs;
  }

  answered(nowMs: number): void {
    if (this.#pingAtMs === undefined) return;
    const roundTripMs = nowMs - this.#pingAtMs;
    this.#pingAtMs = undefined;
    this.#lastMs = roundTripMs;
    this.#samples = this.#samples.filter((sample) => sample.roundTripMs < roundTripMs);
    this.#samples.push({ atMs: nowMs, roundTripMs });
  }

  /** An answer that is late already counts as long as it has been waited for. */
  lastMs(nowMs: number): number | undefined {
    if (this.#pingAtMs === undefined) return this.#lastMs;
    return this.#lastMs === undefined ? undefined : Math.max(this.#lastMs, nowMs - this.#pingAtMs);
  }

  minMs(nowMs: number): number | undefined {
    this.#samples = this.#samples.filter(
      (sample, index, all) => index === all.length - 1 || sample.atMs > nowMs - WINDOW_MS,
    );
    return this.#samples[0]?.roundTripMs;
  }
}
