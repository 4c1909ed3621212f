import { epochNowMs } from "../epoch-clock.ts";
import { SAMPLE_RATE } from "../sound.ts";
import type { PcmSink } from "./pcm-sink.ts";

/** A sink without a device: hands everything on as it is written, and pretends that it plays in real time. */
export class ClockedSink implements PcmSink {
  readonly channels: 1 | 2;
  readonly outputLatencyUs = 0;
  readonly #onSamples: (samples: Float32Array, playMs: number) => void;
  readonly #nowMs: () => number;
  #written = 0;
  #played = 0;
  #empty = 0;
  #updatedMs: number;

  constructor(options: {
    readonly channels: 1 | 2;
    /**
     * Interleaved samples, 48 kHz; valid during the call only. `playMs`: when the first of them plays, on the clock of
     * `nowMs`; without a gap it follows what was written before, however irregularly that came.
     */
    readonly onSamples: (samples: Float32Array, playMs: number) => void;
    readonly nowMs?: () => number;
  }) {
    this.channels = options.channels;
    this.#onSamples = options.onSamples;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#updatedMs = this.#nowMs();
  }

  get bufferedSamples(): number {
    this.#play();
    return this.#written - this.#played;
  }

  get playedSamples(): number {
    this.#play();
    return this.#played;
  }

  get emptySamples(): number {
    this.#play();
    return this.#empty;
  }

  write(samples: Float32Array): void {
    this.#play();
    const playMs = this.#updatedMs + ((this.#written - this.#played) * 1000) / SAMPLE_RATE;
    this.#written += samples.length / this.channels;
    this.#onSamples(samples, playMs);
  }

  skip(count: number): void {
    this.#play();
    this.#played = Math.min(this.#written, this.#played + count);
  }

  close(): void {
    // Nothing is held.
  }

  #play(): void {
    const nowMs = this.#nowMs();
    const due = Math.floor(((nowMs - this.#updatedMs) * SAMPLE_RATE) / 1000);
    if (due <= 0) return;
    this.#updatedMs += (due * 1000) / SAMPLE_RATE;
    const count = Math.min(due, this.#written - this.#played);
    this.#played += count;
    if (this.#written > 0) this.#empty += due - count;
  }
}
