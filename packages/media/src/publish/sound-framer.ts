import type { PcmBlock } from "../codec.ts";
import { SAMPLE_RATE, samplesToUs, withChannels } from "../sound.ts";

/** Blocks that lie further apart than this do not belong together; a clock that drifts does not get there. */
const MAX_GAP_US = 10_000;

/** What leaves a {@link SoundFramer}. */
export interface SoundFramerOptions {
  readonly channels: 1 | 2;
  readonly frameDurationMs: number;
}

/** Cuts blocks of any size into frames of one size. At a gap, the begun frame is thrown away. */
export class SoundFramer {
  readonly #channels: 1 | 2;
  readonly #frameLength: number;
  #frame: Float32Array;
  /** Values of {@link #frame} that are filled. */
  #filled = 0;
  #startUs = 0;
  #nextUs = 0;

  constructor({ channels, frameDurationMs }: SoundFramerOptions) {
    this.#channels = channels;
    this.#frameLength = Math.round((SAMPLE_RATE * frameDurationMs) / 1000) * channels;
    this.#frame = new Float32Array(this.#frameLength);
  }

  /** The frames that `block` completes. Throws a RangeError when it is not at 48 kHz. */
  push(block: PcmBlock): PcmBlock[] {
    if (block.sampleRate !== SAMPLE_RATE) throw new RangeError(`Sound is at 48 kHz, not at ${block.sampleRate} Hz.`);
    const samples = withChannels(block.samples, block.channels, this.#channels);
    if (Math.abs(block.timestampUs - this.#nextUs) > MAX_GAP_US) this.#filled = 0;
    const frames: PcmBlock[] = [];
    for (let at = 0; at < samples.length; ) {
      if (this.#filled === 0) this.#startUs = block.timestampUs + samplesToUs(at / this.#channels);
      const count = Math.min(samples.length - at, this.#frameLength - this.#filled);
      this.#frame.set(samples.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === this.#frameLength) frames.push(this.#complete());
    }
    this.#nextUs = block.timestampUs + samplesToUs(samples.length / this.#channels);
    return frames;
  }

  /** The begun frame, if there is one; it is forgotten here. */
  take(): PcmBlock | undefined {
    if (this.#filled === 0) return undefined;
    const samples = this.#frame.slice(0, this.#filled);
    this.#filled = 0;
    return { timestampUs: this.#startUs, sampleRate: SAMPLE_RATE, channels: this.#channels, samples };
  }

  /** Forgets a begun frame. */
  reset(): void {
    this.#filled = 0;
  }

  #complete(): PcmBlock {
    const samples = this.#frame;
    this.#frame = new Float32Array(this.#frameLength);
    this.#filled = 0;
    return { timestampUs: this.#startUs, sampleRate: SAMPLE_RATE, channels: this.#channels, samples };
  }
}
