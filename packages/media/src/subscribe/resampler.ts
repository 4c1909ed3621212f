/** Changes the speed of sound by a very little: too little to be heard as another pitch. Keeps its place between blocks. */
export class Resampler {
  readonly #channels: number;
  /** The last three samples of the block before. */
  #history: Float32Array;
  /** Where the next sample is taken, in samples from the begin of the history. */
  #position = 1;

  constructor(options: { readonly channels: number }) {
    this.#channels = options.channels;
    this.#history = new Float32Array(3 * options.channels);
  }

  /** What comes next does not follow on what came before: nothing of that is played any more. */
  interrupt(): void {
    this.#history.fill(0);
  }

  /** `speed` above 1 makes `samples` (interleaved) shorter. Delays by two samples. */
  push(samples: Float32Array, speed: number): Float32Array {
    const channels = this.#channels;
    const input = new Float32Array(this.#history.length + samples.length);
    input.set(this.#history);
    input.set(samples, this.#history.length);
    const last = input.length / channels - 2;
    const count = Math.max(0, Math.ceil((last - this.#position) / speed));
    const output = new Float32Array(count * channels);
    for (let i = 0; i < count; i++) {
      const at = Math.floor(this.#position);
      const fraction = this.#position - at;
      for (let channel = 0; channel < channels; channel++) {
        output[i * channels + channel] = interpolate(input, (at - 1) * channels + channel, { channels, fraction });
      }
      this.#position += speed;
    }
    this.#position -= samples.length / channels;
    this.#history = input.slice(input.length - this.#history.length);
    return output;
  }
}

/** Cubic Hermite between the second and third of four samples from `at` on. */
function interpolate(
  input: Float32Array,
  at: number,
  options: { readonly channels: number; readonly fraction: number },
): number {
  const { channels, fraction: t } = options;
  const a = input[at] ?? 0;
  const b = input[at + channels] ?? 0;
  const c = input[at + 2 * channels] ?? 0;
  const d = input[at + 3 * channels] ?? 0;
  if (t === 0) return b;
  const slopeB = (c - a) / 2;
  const slopeC = (d - b) / 2;
  const curve = 2 * (b - c) + slopeB + slopeC;
  return b + t * (slopeB + t * (3 * (c - b) - 2 * slopeB - slopeC + t * curve));
}
