/** What to do with the next block of sound. */
export interface SpeedChoice {
  /** For the resampler: 0.995 to 1.005. */
  readonly resample: number;
  /** Take a period out of the block, or put one in. */
  readonly shift: "remove" | "insert" | undefined;
}

/** Within 100 ms of blocks of 20 ms, the average follows by two thirds. */
const SMOOTHING = 0.2;

/** Stretching ends here: the rest is left to resampling. */
const STRETCHED_US = 10_000;

/** Resampling begins beyond the first and ends at the second: nobody hears it, and each of 20 ms would be waited for by all. */
const RESAMPLED_US = { from: 5_000, to: 1_000 } as const;

/** By resampling alone, 5 ms a second, what is too much after a stall would stay for a quarter of a minute. */
const STRETCH_US = 25_000;
const FAST_STRETCH_US = 300_000;

/** Up to 0.5 % nobody hears another pitch. */
const RESAMPLE = 0.005;

/** Periods are taken out until sound runs at these speeds: still natural, and still clear. */
const STRETCH = 1.15;
const FAST_STRETCH = 1.25;
const SLOW_STRETCH = 0.85;

/** Too little buffered by more than this is put right by periods, not by resampling. */
const MIN_DEFICIT_US = 30_000;

/** A period is at most so long. */
const MAX_PERIOD_US = 10_000;

/** Sound below this level, in −dBov, can be cut without being noticed. */
const QUIET_DBOV = 50;

/** Decides how fast sound is played so that its delay comes to the target. */
export class SoundSpeed {
  #excessUs = 0;
  #stretching = false;
  #resampling = false;
  /** Time that may be taken out or put in to keep the speed of stretching. */
  #creditUs = 0;

  /** How much later than wanted sound is played, on average. */
  get excessUs(): number {
    return this.#excessUs;
  }

  /** `excessUs`: how much later than wanted the next block would be played. */
  next(block: {
    readonly excessUs: number;
    readonly targetUs: number;
    readonly durationUs: number;
    readonly levelDbov: number;
  }): SpeedChoice {
    this.#excessUs += (block.excessUs - this.#excessUs) * SMOOTHING;
    const deficitUs = Math.max(MIN_DEFICIT_US, block.targetUs / 2);
    if (this.#excessUs > STRETCH_US || this.#excessUs < -deficitUs) this.#stretching = true;
    else if (Math.abs(this.#excessUs) < STRETCHED_US) this.#stretching = false;
    const resample = this.#resample();
    const isQuiet = block.levelDbov >= QUIET_DBOV && Math.abs(this.#excessUs) >= MAX_PERIOD_US;
    if (isQuiet && resample !== 1) return { resample: 1, shift: this.#direction() };
    if (!this.#stretching) return { resample, shift: undefined };
    this.#creditUs += block.durationUs * this.#share();
    return { resample: 1, shift: this.#creditUs >= MAX_PERIOD_US ? this.#direction() : undefined };
  }

  /** Sound was made shorter (above 0) or longer. */
  shifted(us: number): void {
    this.#excessUs -= us;
    this.#creditUs = Math.max(0, this.#creditUs - Math.abs(us));
  }

  /** The delay was set anew. */
  reset(excessUs: number): void {
    this.#excessUs = excessUs;
    this.#stretching = false;
    this.#resampling = false;
    this.#creditUs = 0;
  }

  #direction(): "remove" | "insert" {
    return this.#excessUs > 0 ? "remove" : "insert";
  }

  #resample(): number {
    this.#resampling = Math.abs(this.#excessUs) > (this.#resampling ? RESAMPLED_US.to : RESAMPLED_US.from);
    if (!this.#resampling) return 1;
    return this.#excessUs > 0 ? 1 + RESAMPLE : 1 - RESAMPLE;
  }

  /** Which part of the sound is taken out or put in. */
  #share(): number {
    if (this.#excessUs < 0) return 1 / SLOW_STRETCH - 1;
    return 1 - 1 / (this.#excessUs > FAST_STRETCH_US ? FAST_STRETCH : STRETCH);
  }
}
