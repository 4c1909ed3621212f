/** How long sound goes on after its end at the most: 20 ms at 48 kHz, fading. */
const FADE_SAMPLES = 960;

/**
 * `count` samples that stand in for missing sound: the sound before it backwards, so that there is no step, fading to
 * silence, however few they are. `before` and the result are interleaved.
 */
export function fadeOut(
  before: Float32Array,
  options: { readonly channels: number; readonly count: number },
): Float32Array {
  const { channels, count } = options;
  const known = Math.floor(before.length / channels);
  const result = new Float32Array(count * channels);
  const length = Math.min(count, FADE_SAMPLES, known);
  for (let i = 0; i < length; i++) {
    const gain = 1 - (i + 1) / length;
    for (let channel = 0; channel < channels; channel++) {
      result[i * channels + channel] = (before[(known - 1 - i) * channels + channel] ?? 0) * gain;
    }
  }
  return result;
}

/** Lets the begin of `samples` (interleaved) grow from silence, in place. */
export function fadeIn(samples: Float32Array, options: { readonly channels: number; readonly count: number }): void {
  const length = Math.min(samples.length, options.count * options.channels);
  for (let i = 0; i < length; i++) {
    const gain = Math.floor(i / options.channels) / options.count;
    samples[i] = (samples[i] ?? 0) * gain;
  }
}
