/** The least round trip is looked for within this time: long enough to see an empty queue, short enough for a new path. */
const WINDOW_MS = 30_000;

interface Sample {
  readonly atMs: number;
  readonly roundTripMs: number;
}

/** The round trips of PINGREQ: the newest, and the least of the last 30 seconds. */
export class RoundTrip {
  #lastMs: number | undefined;
  /** When those were sent that have no answer yet, the oldest first; answers come in order. */
  readonly #waiting: number[] = [];
  /** Ascending in time and in value: a sample after a smaller or equal one of later date is never the minimum. */
  #samples: Sample[] = [];

  /** Of the newest PINGREQ that was answered. */
  get answeredMs(): number | undefined {
    return this.#lastMs;
  }

  /** When the oldest PINGREQ was sent that has no answer yet. */
  get pingAtMs(): number | undefined {
    return this.#waiting[0];
  }

  /** How many have no answer yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  pinged(nowMs: number): void {
    this.#waiting.push(nowMs);
  }

  answered(nowMs: number): void {
    const pingAtMs = this.#waiting.shift();
    if (pingAtMs === undefined) return;
    const roundTripMs = nowMs - pingAtMs;
    this.#lastMs = roundTripMs;
    this.#samples = this.#samples.filter((sample) => sample.roundTripMs < roundTripMs);
    this.#samples.push({ atMs: nowMs, roundTripMs });
  }

  /** An answer that is late already counts as long as it has been waited for. */
  lastMs(nowMs: number): number | undefined {
    const { pingAtMs } = this;
    if (pingAtMs === undefined) return this.#lastMs;
    return this.#lastMs === undefined ? undefined : Math.max(this.#lastMs, nowMs - pingAtMs);
  }

  minMs(nowMs: number): number | undefined {
    this.#samples = this.#samples.filter(
      (sample, index, all) => index === all.length - 1 || sample.atMs > nowMs - WINDOW_MS,
    );
    return this.#samples[0]?.roundTripMs;
  }
}
