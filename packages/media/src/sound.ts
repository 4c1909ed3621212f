/** All sound is at this rate. */
export const SAMPLE_RATE = 48_000;

/** How long `count` samples last. */
export function samplesToUs(count: number): number {
  return (count * 1e6) / SAMPLE_RATE;
}

/** How many samples last for `us`. */
export function usToSamples(us: number): number {
  return Math.round((us * SAMPLE_RATE) / 1e6);
}

/** `samples` (interleaved) with another number of channels; the same array when nothing changes. */
export function withChannels(samples: Float32Array, from: number, to: 1 | 2): Float32Array {
  if (from === to) return samples;
  const count = Math.floor(samples.length / from);
  const converted = new Float32Array(count * to);
  for (let i = 0; i < count; i++) {
    const left = samples[i * from] ?? 0;
    const right = from > 1 ? (samples[i * from + 1] ?? 0) : left;
    if (to === 1) converted[i] = (left + right) / 2;
    else {
      converted[i * 2] = left;
      converted[i * 2 + 1] = right;
    }
  }
  return converted;
}

/** Lets `samples` (interleaved) fall to silence until their end, in place. */
export function fadeToEnd(samples: Float32Array, channels: number): void {
  const count = samples.length / channels;
  for (let i = 0; i < samples.length; i++)
    samples[i] = (samples[i] ?? 0) * (1 - (Math.floor(i / channels) + 1) / count);
}
