/** Fine enough for a loopback, where all delays lie within two of them. */
const BUCKET_US = 5_000;
const BUCKETS = 400;

/** How arrival is turned into a delay of playout. */
export interface DelayEstimatorOptions {
  /** One value is taken of this time: the largest delay in it. 0: every frame counts. */
  readonly intervalUs: number;
  /** How much of the past remains after each value. */
  readonly forget: number;
  /** The part of the values that is to come in time, 0 to 1. */
  readonly quantile: number;
  /** Added to the quantile, which it doubles at the most: where hardly anything is late, little more will be. */
  readonly marginUs: number;
  /** A quantile up to this needs no delay at all; above it, the delay comes in by degrees. 0: all of it is needed. */
  readonly toleratedUs: number;
  readonly minimumUs: number;
  readonly maximumUs: number;
  /** The target before anything is known. */
  readonly startUs: number;
  /** How many values without any delay are assumed to have come before, so that one late frame does not decide. */
  readonly priorWeight: number;
  /** The target falls no faster than this, or than by {@link FALL_PER_S} of itself, so that it is neither heard nor seen. */
  readonly fallUsPerS: number;
  /**
   * When so many values in a row lie below the quantile, a bad time is over, and of what was worse than all of them a quarter is remembered. 0: all
   * of it, however long it is ago.
   */
  readonly overAfter: number;
}

/**
 * Sound: a gap is heard, so the worst of each half second counts. In four of five nothing is missing: on a line with losses, waiting for
 * the rest costs everybody 60 to 130 ms, always, and spares one or two percent of the sound, which is faded. It also decides
 * how long a bad time is remembered: five seconds of it for seven more; with six of seven it were eleven. A longer one, as until a lossy line has
 * connections enough, is over after eight good seconds, which by chance are one in 25 on a line that stays as it is.
 * Where all comes within 5 ms of the fastest, 10 ms are enough; a device that takes its sound in steps needs more (DeviceSteps).
 */
export const SOUND_DELAY: DelayEstimatorOptions = {
  intervalUs: 500_000,
  forget: 0.983,
  quantile: 0.82,
  marginUs: 10_000,
  toleratedUs: 0,
  minimumUs: 10_000,
  maximumUs: 400_000,
  startUs: 80_000,
  priorWeight: 30,
  fallUsPerS: 20_000,
  overAfter: 16,
};

/**
 * Pictures: hardly anybody sees that one in twenty is shown a frame interval late, and live is better than even. Beyond
 * that, all wait until 19 of 20 can be shown evenly; the rest is shown when it comes.
 */
export const PICTURE_DELAY: DelayEstimatorOptions = {
  intervalUs: 0,
  forget: 0.995,
  quantile: 0.95,
  marginUs: 5_000,
  toleratedUs: 40_000,
  minimumUs: 0,
  maximumUs: 400_000,
  startUs: 0,
  priorWeight: 200,
  fallUsPerS: 50_000,
  overAfter: 240,
};

/** What is far too long falls faster: by so much of itself a second. */
const FALL_PER_S = 0.3;

/** Of a bad time that is over, so much is remembered: the next one may be near. */
const REMEMBERED = 0.25;

/** What comes together after a stall was held up by it together, and counts once. */
const BURST_US = 10_000;

/**
 * How long to wait so that almost everything comes in time: a quantile of how much later than the fastest packets
 * arrive, from a histogram that forgets. Rises at once, falls slowly.
 */
export class DelayEstimator {
  readonly #options: DelayEstimatorOptions;
  readonly #weights = new Float64Array(BUCKETS);
  #total = 0;
  #target: number;
  #updatedUs: number | undefined;
  #intervalEndUs = Number.NEGATIVE_INFINITY;
  #intervalMaximumUs = 0;
  #last = { delayUs: 0, atUs: Number.NEGATIVE_INFINITY };
  /** Values in a row that lay below the quantile, and the bucket of the largest of them. */
  #good = { values: 0, bucket: 0 };

  constructor(options: DelayEstimatorOptions) {
    this.#options = options;
    this.#target = options.startUs;
    this.forget();
  }

  get targetUs(): number {
    return this.#target;
  }

  /** What came says nothing of what will come. The target falls from where it is. */
  forget(): void {
    const { priorWeight } = this.#options;
    this.#weights.fill(0);
    this.#weights[0] = priorWeight;
    this.#total = priorWeight;
    this.#good = { values: 0, bucket: 0 };
  }

  /** A packet came `delayUs` later than if it had been the fastest. `leastMarginUs`: the margin is not less than this now. */
  push(delayUs: number, nowUs: number, leastMarginUs = 0): void {
    const inBurst = nowUs - this.#last.atUs < BURST_US && delayUs < this.#last.delayUs;
    this.#last = { delayUs, atUs: nowUs };
    if (inBurst) return;
    this.#intervalMaximumUs = Math.max(this.#intervalMaximumUs, delayUs);
    if (nowUs >= this.#intervalEndUs) {
      this.#add(this.#intervalMaximumUs);
      this.#intervalMaximumUs = 0;
      this.#intervalEndUs = nowUs + this.#options.intervalUs;
    }
    this.#follow(nowUs, leastMarginUs);
  }

  #add(delayUs: number): void {
    const { forget, overAfter } = this.#options;
    const bucket = Math.min(BUCKETS - 1, Math.floor(Math.max(0, delayUs) / BUCKET_US));
    const good = (bucket + 1) * BUCKET_US < this.#quantileUs();
    this.#good = good
      ? { values: this.#good.values + 1, bucket: Math.max(bucket, this.#good.bucket) }
      : { values: 0, bucket: 0 };
    this.#weigh(0, forget);
    this.#weights[bucket] = (this.#weights[bucket] ?? 0) + 1;
    this.#total += 1;
    if (overAfter === 0 || this.#good.values < overAfter) return;
    this.#weigh(this.#good.bucket + 1, REMEMBERED);
    this.#good = { values: 0, bucket: 0 };
  }

  /** Multiplies the weights from bucket `from` on. */
  #weigh(from: number, factor: number): void {
    for (let i = from; i < BUCKETS; i++) this.#weights[i] = (this.#weights[i] ?? 0) * factor;
    this.#total = this.#weights.reduce((sum, weight) => sum + weight, 0);
  }

  #follow(nowUs: number, leastMarginUs: number): void {
    const { toleratedUs, marginUs, minimumUs, maximumUs, fallUsPerS } = this.#options;
    const quantileUs = this.#quantileUs();
    const byDegreesUs = toleratedUs === 0 ? Number.POSITIVE_INFINITY : 2 * (quantileUs - toleratedUs);
    const margin = Math.max(leastMarginUs, Math.min(marginUs, quantileUs));
    const wantedUs = Math.min(maximumUs, Math.max(minimumUs, Math.min(quantileUs + margin, byDegreesUs)));
    const elapsedS = Math.max(0, nowUs - (this.#updatedUs ?? nowUs)) / 1e6;
    const fallUs = elapsedS * Math.max(fallUsPerS, FALL_PER_S * this.#target);
    this.#updatedUs = nowUs;
    this.#target = Math.max(wantedUs, this.#target - fallUs);
  }

  /** The upper edge of the bucket in which the quantile lies. */
  #quantileUs(): number {
    let sum = 0;
    for (let i = 0; i < BUCKETS; i++) {
      sum += this.#weights[i] ?? 0;
      if (sum >= this.#options.quantile * this.#total) return (i + 1) * BUCKET_US;
    }
    return BUCKETS * BUCKET_US;
  }
}
