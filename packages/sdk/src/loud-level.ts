/** Of loudness from 0 to 1: louder than breath and keyboards. */
export const LOUD_LEVEL = 0.12;

/** Of loudness from 0 to 1, which is 6 dB: less may be the next word. */
export const CLEARLY_LOUDER = 0.1;
