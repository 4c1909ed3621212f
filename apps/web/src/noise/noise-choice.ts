/** Who takes noise out of the microphone: nobody, for music; the browser; or RNNoise, which takes more of it. */
export const NOISE_CHOICES = ["off", "browser", "strong"] as const;
export type NoiseChoice = (typeof NOISE_CHOICES)[number];
