import type { PcmBlock } from "../codec.ts";

/** A larger jump between blocks begins a new sound: the encoder's frames must not be stretched over it. */
const MAX_JUMP_US = 20_000;

/** Cuts blocks of any length into frames of one length, and mixes their channels to the wanted number. */
export class PcmFramer {
  readonly #channels: 1 | 2;
  readonly #frameSamples: number;
  readonly #sampleRate: number;
  #samples: Float32Array;
  #filled = 0;
  #startUs = 0;

  /** `frameSamples`: in each channel. */
  constructor(options: { readonly channels: 1 | 2; readonly frameSamples: number; readonly sampleRate: number }) {
    this.#channels = options.channels;
    this.#frameSamples = options.frameSamples;
    this.#sampleRate = options.sampleRate;
    this.#samples = new Float32Array(options.frameSamples * options.channels);
  }

  /** Calls `onFrame` for each full frame; the samples are its to keep. */
  push(block: PcmBlock, onFrame: (frame: PcmBlock) => void): void {
    if (block.sampleRate !== this.#sampleRate) throw new RangeError(`Sound must have ${this.#sampleRate} Hz.`);
    const expectedUs = this.#startUs + this.#durationUs(this.#filled);
    if (this.#filled === 0 || Math.abs(block.timestampUs - expectedUs) > MAX_JUMP_US) {
      this.#filled = 0;
      this.#startUs = block.timestampUs;
    }
    const count = block.samples.length / block.channels;
    for (let i = 0; i < count; i++) {
      this.#write(block, i);
      if (++this.#filled === this.#frameSamples) this.#emit(onFrame);
    }
  }

  #write({ samples, channels }: PcmBlock, index: number): void {
    const left = samples[index * channels] ?? 0;
    const right = channels > 1 ? (samples[index * channels + 1] ?? 0) : left;
    if (this.#channels === 1) {
      this.#samples[this.#filled] = (left + right) / 2;
    } else {
      this.#samples[this.#filled * 2] = left;
      this.#samples[this.#filled * 2 + 1] = right;
    }
  }

  #emit(onFrame: (frame: PcmBlock) => void): void {
    const samples = this.#samples;
    const timestampUs = Math.round(this.#startUs);
    this.#samples = new Float32Array(samples.length);
    this.#startUs += this.#durationUs(this.#frameSamples);
    this.#filled = 0;
    onFrame({ timestampUs, sampleRate: this.#sampleRate, channels: this.#channels, samples });
  }

  #durationUs(samples: number): number {
    return (samples / this.#sampleRate) * 1_000_000;
  }
}
