import { SAMPLE_RATE } from "../sound.ts";

/** Periods of voices and of most sounds: 2.5 to 10 ms. */
const MIN_LAG = SAMPLE_RATE / 400;
const MAX_LAG = SAMPLE_RATE / 100;

/** The stretch over which the two sides of a cut are compared and faded into each other: 10 ms. */
const OVERLAP = SAMPLE_RATE / 100;

/** Voices are compared at a quarter of the rate; the cut is as inaudible and costs a sixteenth. */
const STRIDE = 4;

/** What {@link shiftPeriod} changed. */
export interface ShiftedSound {
  readonly samples: Float32Array;
  /** Samples per channel that were removed or inserted. */
  readonly shifted: number;
}

/**
 * Makes a block of sound shorter or longer by one of its periods, with its pitch kept: the place where the sound repeats
 * itself is found and faded over. Blocks shorter than 20 ms stay as they are.
 */
export function shiftPeriod(
  samples: Float32Array,
  options: { readonly channels: number; readonly direction: "remove" | "insert" },
): ShiftedSound {
  const { channels, direction } = options;
  const count = samples.length / channels;
  if (count < OVERLAP + MAX_LAG) return { samples, shifted: 0 };
  const lag = bestLag(samples, channels);
  return {
    samples: direction === "remove" ? removed(samples, lag, channels) : inserted(samples, lag, channels),
    shifted: lag,
  };
}

function removed(samples: Float32Array, lag: number, channels: number): Float32Array {
  const result = new Float32Array(samples.length - lag * channels);
  fade(result, samples, { at: 0, from: 0, to: lag, channels });
  const done = OVERLAP * channels;
  result.set(samples.subarray(done + lag * channels), done);
  return result;
}

function inserted(samples: Float32Array, lag: number, channels: number): Float32Array {
  const result = new Float32Array(samples.length + lag * channels);
  result.set(samples.subarray(0, lag * channels));
  fade(result, samples, { at: lag, from: lag, to: 0, channels });
  const done = OVERLAP * channels;
  result.set(samples.subarray(done), done + lag * channels);
  return result;
}

/** Fades from the sound at `from` to the sound at `to`, written at `at`. */
function fade(
  result: Float32Array,
  samples: Float32Array,
  places: { readonly at: number; readonly from: number; readonly to: number; readonly channels: number },
): void {
  const { at, from, to, channels } = places;
  for (let i = 0; i < OVERLAP; i++) {
    const gain = (i + 0.5) / OVERLAP;
    for (let channel = 0; channel < channels; channel++) {
      const before = samples[(from + i) * channels + channel] ?? 0;
      const after = samples[(to + i) * channels + channel] ?? 0;
      result[(at + i) * channels + channel] = before * (1 - gain) + after * gain;
    }
  }
}

/** The lag at which the begin of `samples` is most like itself. */
function bestLag(samples: Float32Array, channels: number): number {
  let best = MIN_LAG;
  let bestLikeness = Number.NEGATIVE_INFINITY;
  for (let lag = MIN_LAG; lag <= MAX_LAG; lag += STRIDE) {
    const likeness = likenessAt(samples, lag, channels);
    if (likeness > bestLikeness) [best, bestLikeness] = [lag, likeness];
  }
  return best;
}

function likenessAt(samples: Float32Array, lag: number, channels: number): number {
  let product = 0;
  let energy = 1e-9;
  for (let i = 0; i < OVERLAP; i += STRIDE) {
    const here = samples[i * channels] ?? 0;
    const there = samples[(i + lag) * channels] ?? 0;
    product += here * there;
    energy += there * there;
  }
  return product / Math.sqrt(energy);
}
