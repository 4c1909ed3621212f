/** What the E-model (ITU-T G.107, 7.6) begins with when nothing is worse than it must be. */
const BEST_RATING = 93.2;

/** Conversations suffer more from here on: one-way, mouth to ear (the simplified delay term of the same model). */
const NOTICED_DELAY_MS = 177.3;

/** Impairment that loss comes near to: the model's constant. */
const WORST_LOSS = 95;

/**
 * How much loss is half as bad as can be, in percent. Sound: that of G.711 with its own concealment (ITU-T G.113, Appendix I), which fades
 * and repeats as ours does.
 */
export const SOUND_ROBUSTNESS = 25.1;

/**
 * Pictures have no such table. With this, 3 % of the time frozen is where some are dissatisfied with a meeting of 150 ms, and 8 % is where
 * many are: what a network is called bad at.
 */
export const PICTURE_ROBUSTNESS = 15;

/** What one track was like for a while. */
export interface Impairments {
  /** One-way, from capture to display or ear. */
  readonly delayMs: number;
  /** Concealed sound, or time with a frozen picture, in percent. */
  readonly lostPercent: number;
  /** {@link SOUND_ROBUSTNESS} or {@link PICTURE_ROBUSTNESS}. */
  readonly robustness: number;
}

/** The transmission rating R of ITU-T G.107: 93 is as good as it gets, below 70 some are dissatisfied, below 60 many, below 50 nearly all. */
export function transmissionRating({ delayMs, lostPercent, robustness }: Impairments): number {
  const byDelay = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - NOTICED_DELAY_MS);
  const byLoss = (WORST_LOSS * lostPercent) / (lostPercent + robustness);
  return Math.max(0, BEST_RATING - byDelay - byLoss);
}

/** The mean opinion score for a rating (ITU-T G.107, Annex B): from 1, bad, to 4.5, as good as it gets; in tenths. */
export function opinionScore(rating: number): number {
  const r = Math.min(100, Math.max(0, rating));
  const score = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.round(10 * Math.max(1, score)) / 10;
}
