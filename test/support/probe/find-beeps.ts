/** How long a step of the search is: the accuracy of what it finds. */
const STEP_S = 0.004;
/** A tone this strong, as an amplitude, is a beep; the clips' beeps have 0.4, and echo cancellers and codecs take some of it. */
const LEAST_AMPLITUDE = 0.03;
/** A beep begins after at least so long without one. */
const SILENCE_S = 0.2;

/** Where beeps of this frequency begin in `samples`, in seconds from their start. Needs some silence before a beep to see it. */
export function findBeeps(
  samples: Float32Array,
  { sampleRate, beepHz }: { sampleRate: number; beepHz: number },
): number[] {
  const step = Math.round(STEP_S * sampleRate);
  const found: number[] = [];
  let quietSteps = 0;
  for (let from = 0; from + step <= samples.length; from += step) {
    const amplitude = toneAmplitude(samples.subarray(from, from + step), beepHz / sampleRate);
    if (amplitude < LEAST_AMPLITUDE) {
      quietSteps++;
      continue;
    }
    if (quietSteps * STEP_S >= SILENCE_S) found.push(from / sampleRate);
    quietSteps = 0;
  }
  return found;
}

/**
 * The amplitude of one frequency (in cycles per sample), by Goertzel's algorithm. A Hann window keeps beeps of other frequencies
 * out of it, which may sound at the same time.
 */
export function toneAmplitude(samples: Float32Array, frequency: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * frequency);
  const weights = hannWindow(samples.length);
  let [before, last] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    [before, last] = [last, (weights[i] ?? 0) * (samples[i] ?? 0) + factor * last - before];
  }
  const power = before * before + last * last - factor * before * last;
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

/** Windows by their length: computing one costs more than using it. */
const windows = new Map<number, Float64Array>();

function hannWindow(length: number): Float64Array {
  const known = windows.get(length);
  if (known) return known;
  const window = Float64Array.from({ length }, (_, i) => 1 - Math.cos((2 * Math.PI * (i + 0.5)) / length));
  windows.set(length, window);
  return window;
}
