/** How sound is encoded. */
export interface SoundTier {
  /** Of the bitrate that was asked for. */
  readonly part: number;
  readonly frameDurationMs: 10 | 20 | 40 | 60;
}

/**
 * 32, 24 and 16 kbit/s of speech. Longer frames spare headers, which cost as much as the sound itself; shorter ones come sooner, and sound no
 * worse (docs/decisions/0030-short-frames.md).
 */
const TIERS: readonly [SoundTier, SoundTier, SoundTier, SoundTier] = [
  { part: 1, frameDurationMs: 10 },
  { part: 1, frameDurationMs: 20 },
  { part: 0.75, frameDurationMs: 40 },
  { part: 0.5, frameDurationMs: 60 },
];
const SHORT = 0;
const USUAL = 1;

/** Sound suffers last: only when its own connection holds it up for so long. */
const HIGH_MS = 400;
const HIGH_FOR_MS = 2_000;
/** And recovers first: as soon as it was on time for so long. */
const CLEAR_MS = 150;
const CLEAR_FOR_MS = 5_000;

/** A line is good while its queue stays below this: above the jitter of busy machines, below a packet that is sent again. */
const GOOD_MS = 40;
/** It has to be good for so long before short frames are tried, twice as long after each time that it was not, up to the second. */
const GOOD_FOR_MS = { least: 4_000, most: 64_000 } as const;

/** Circumstances of a choice. */
export interface SoundCircumstances {
  readonly nowMs: number;
  /** Twice as many packets are no burden to anybody. */
  readonly affordsShortFrames: boolean;
}

/** For how long something has been so. */
class Lasting {
  #sinceMs: number | undefined;

  /** 0 while it is not so. */
  forMs(isSo: boolean, nowMs: number): number {
    this.#sinceMs = isSo ? (this.#sinceMs ?? nowMs) : undefined;
    return nowMs - (this.#sinceMs ?? nowMs);
  }

  reset(): void {
    this.#sinceMs = undefined;
  }
}

/** How much sound costs, from the queue on its own connection. */
export class SoundTiers {
  #index: 0 | 1 | 2 | 3 = USUAL;
  readonly #high = new Lasting();
  readonly #clear = new Lasting();
  readonly #good = new Lasting();
  #goodForMs: number = GOOD_FOR_MS.least;

  get current(): SoundTier {
    return TIERS[this.#index];
  }

  /** To be called a few times a second. */
  choose(queueMs: number, { nowMs, affordsShortFrames }: SoundCircumstances): SoundTier {
    const highMs = this.#high.forMs(queueMs > HIGH_MS, nowMs);
    const clearMs = this.#clear.forMs(queueMs <= CLEAR_MS, nowMs);
    const goodMs = this.#good.forMs(queueMs <= GOOD_MS && affordsShortFrames, nowMs);
    if (this.#index === SHORT) this.#leaveShort(queueMs, affordsShortFrames);
    else if (highMs >= HIGH_FOR_MS && this.#index < 3) this.#move(1);
    else if (clearMs >= CLEAR_FOR_MS && this.#index > USUAL) this.#move(-1);
    else if (goodMs >= this.#goodForMs && this.#index === USUAL) this.#move(-1);
    return this.current;
  }

  /** At once: what comes next is the first to be spared. */
  #leaveShort(queueMs: number, affordsShortFrames: boolean): void {
    if (queueMs > CLEAR_MS) this.#goodForMs = Math.min(GOOD_FOR_MS.most, 2 * this.#goodForMs);
    else if (affordsShortFrames) return;
    this.#move(1);
  }

  #move(by: 1 | -1): void {
    this.#index = (this.#index + by) as 0 | 1 | 2 | 3;
    this.#high.reset();
    this.#clear.reset();
    this.#good.reset();
  }
}
