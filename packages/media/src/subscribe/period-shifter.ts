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

/** How a block is changed. */
export interface PeriodShift {
  readonly channels: number;
  readonly direction: "remove" | "insert";
  /** What was played before the block; without its last 10 ms, nothing is put into a block shorter than 20 ms. */
  readonly before?: Float32Array;
}

/** Whether a period can be taken out of `count` samples: a shorter block has to be joined with the next one. */
export function canRemovePeriod(count: number): boolean {
  return count >= OVERLAP + MAX_LAG;
}

/**
 * Makes a block of sound shorter or longer by one of its periods, with its pitch kept: the place where the sound repeats
 * itself is found and faded over. Blocks that are too short for it stay as they are.
 */
export function shiftPeriod(samples: Float32Array, options: PeriodShift): ShiftedSound {
  const { channels, direction, before } = options;
  const count = samples.length / channels;
  if (canRemovePeriod(count)) {
    const lag = bestLag(samples, channels);
    return {
      samples: direction === "remove" ? removed(samples, lag, channels) : inserted(samples, lag, channels),
      shifted: lag,
    };
  }
  const past = before?.subarray(Math.max(0, before.length - MAX_LAG * channels)) ?? new Float32Array();
  if (direction === "remove" || count < OVERLAP || past.length < MAX_LAG * channels) return { samples, shifted: 0 };
  const sound = new Float32Array(past.length + samples.length);
  sound.set(past);
  sound.set(samples, past.length);
  const lag = bestLag(sound, channels, -1);
  return { samples: repeated(sound, lag, channels), shifted: lag };
}

/** The sound after its first 10 ms, with `lag` before its begin played once more. */
function repeated(sound: Float32Array, lag: number, channels: number): Float32Array {
  const result = new Float32Array(sound.length - (MAX_LAG - lag) * channels);
  fade(result, sound, { at: 0, from: MAX_LAG, to: MAX_LAG - lag, channels });
  const done = OVERLAP * channels;
  result.set(sound.subarray((MAX_LAG - lag) * channels + done), done);
  return result;
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

/** The lag at which the begin of `samples`, or with `sign` −1 what follows on its first 10 ms, is most like itself. */
function bestLag(samples: Float32Array, channels: number, sign: 1 | -1 = 1): number {
  const from = sign === 1 ? 0 : MAX_LAG;
  let best = MIN_LAG;
  let bestLikeness = Number.NEGATIVE_INFINITY;
  for (let lag = MIN_LAG; lag <= MAX_LAG; lag += STRIDE) {
    const likeness = likenessAt(samples, { from, lag: sign * lag, channels });
    if (likeness > bestLikeness) [best, bestLikeness] = [lag, likeness];
  }
  return best;
}

function likenessAt(
  samples: Float32Array,
  places: { readonly from: number; readonly lag: number; readonly channels: number },
): number {
  const { from, lag, channels } = places;
  let product = 0;
  let energy = 1e-9;
  for (let i = from; i < from + OVERLAP; i += STRIDE) {
    const here = samples[i * channels] ?? 0;
    const there = samples[(i + lag) * channels] ?? 0;
    product += here * there;
    energy += there * there;
  }
  return product / Math.sqrt(energy);
}
