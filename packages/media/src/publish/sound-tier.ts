/** How sound is encoded. */
export interface SoundTier {
  /** Of the bitrate that was asked for. */
  readonly part: number;
  readonly frameDurationMs: 20 | 40 | 60;
}

/** 32, 24 and 16 kbit/s of speech. Longer frames spare headers, which cost as much as the sound itself. */
const TIERS: readonly [SoundTier, SoundTier, SoundTier] = [
  { part: 1, frameDurationMs: 20 },
  { part: 0.75, frameDurationMs: 40 },
  { part: 0.5, frameDurationMs: 60 },
];

/** Sound suffers last: only when its own connection holds it up for so long. */
const HIGH_MS = 400;
const HIGH_FOR_MS = 2_000;
/** And recovers first: as soon as it was on time for so long. */
const CLEAR_MS = 150;
const CLEAR_FOR_MS = 5_000;

/** How much sound costs, from the queue on its own connection. */
export class SoundTiers {
  #index: 0 | 1 | 2 = 0;
  #highSinceMs: number | undefined;
  #clearSinceMs: number | undefined;

  /** To be called a few times a second. */
  choose(queueMs: number, nowMs: number): SoundTier {
    this.#highSinceMs = queueMs > HIGH_MS ? (this.#highSinceMs ?? nowMs) : undefined;
    this.#clearSinceMs = queueMs <= CLEAR_MS ? (this.#clearSinceMs ?? nowMs) : undefined;
    if (nowMs - (this.#highSinceMs ?? nowMs) >= HIGH_FOR_MS && this.#index < 2) this.#move(1);
    else if (nowMs - (this.#clearSinceMs ?? nowMs) >= CLEAR_FOR_MS && this.#index > 0) this.#move(-1);
    return TIERS[this.#index];
  }

  #move(by: 1 | -1): void {
    this.#index = (this.#index + by) as 0 | 1 | 2;
    this.#highSinceMs = undefined;
    this.#clearSinceMs = undefined;
  }
}
