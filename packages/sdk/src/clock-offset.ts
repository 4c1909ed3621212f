/** Four clock readings of one probe, in microseconds since the Unix epoch; the middle ones by the other's clock. */
export interface ProbeTimes {
  readonly sentAtUs: number;
  readonly receivedAtUs: number;
  readonly repliedAtUs: number;
  readonly arrivedAtUs: number;
}

/** Enough to see a quiet moment of the network; old ones go, since clocks drift. */
const PROBES = 8;

/**
 * How far another's clock is ahead of ours, from probes: the one with the shortest round trip is the least disturbed
 * by queues, so it alone counts.
 */
export class ClockOffset {
  #samples: readonly { readonly offsetUs: number; readonly roundTripUs: number }[] = [];

  get probes(): number {
    return this.#samples.length;
  }

  /** Takes a reply; returns false when its times are impossible. */
  add(times: ProbeTimes): boolean {
    const heldUs = times.repliedAtUs - times.receivedAtUs;
    const roundTripUs = times.arrivedAtUs - times.sentAtUs - heldUs;
    if (!(heldUs >= 0 && roundTripUs >= 0)) return false;
    const offsetUs = (times.receivedAtUs - times.sentAtUs + (times.repliedAtUs - times.arrivedAtUs)) / 2;
    this.#samples = [...this.#samples, { offsetUs, roundTripUs }].slice(-PROBES);
    return true;
  }

  /** Undefined before the first reply. */
  get offsetUs(): number | undefined {
    return this.#best?.offsetUs;
  }

  get roundTripUs(): number | undefined {
    return this.#best?.roundTripUs;
  }

  get #best() {
    let best = this.#samples[0];
    for (const sample of this.#samples) if (best === undefined || sample.roundTripUs < best.roundTripUs) best = sample;
    return best;
  }
}
