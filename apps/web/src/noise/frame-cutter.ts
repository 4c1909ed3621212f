/** What the audio thread gives and takes at a time. */
const QUANTUM = 128;

/** Cuts a stream that comes in pieces of 128 samples into frames, and the cleaned frames into such pieces again. */
export class FrameCutter {
  readonly #frameSamples: number;
  readonly #clean: (frame: Float32Array) => void;
  readonly #frame: Float32Array;
  #filled = 0;
  /** A ring of what was cleaned; it begins with silence that bridges the longest wait for a whole frame. */
  readonly #cleaned: Float32Array;
  #read = 0;
  #write: number;

  /** `clean` works in place, on `frameSamples` samples. */
  constructor(frameSamples: number, clean: (frame: Float32Array) => void) {
    this.#frameSamples = frameSamples;
    this.#clean = clean;
    this.#frame = new Float32Array(frameSamples);
    this.#cleaned = new Float32Array(2 * frameSamples + QUANTUM);
    this.#write = bridgeSamples(frameSamples);
  }

  /** One piece in, one piece out. Both are QUANTUM long. */
  pass(input: Float32Array, output: Float32Array): void {
    for (let i = 0; i < QUANTUM; i++) {
      this.#frame[this.#filled] = input[i] ?? 0;
      this.#filled++;
      if (this.#filled === this.#frameSamples) this.#turnOver();
    }
    for (let i = 0; i < QUANTUM; i++) {
      output[i] = this.#cleaned[this.#read] ?? 0;
      this.#read = (this.#read + 1) % this.#cleaned.length;
    }
  }

  #turnOver(): void {
    this.#filled = 0;
    this.#clean(this.#frame);
    for (const sample of this.#frame) {
      this.#cleaned[this.#write] = sample;
      this.#write = (this.#write + 1) % this.#cleaned.length;
    }
  }
}

/** By how much what comes out of a {@link FrameCutter} is late: the most that can have come in of an unfinished frame. */
export function bridgeSamples(frameSamples: number): number {
  let most = 0;
  for (let filled = QUANTUM % frameSamples; filled !== 0; filled = (filled + QUANTUM) % frameSamples) {
    most = Math.max(most, filled);
  }
  return most;
}
