import { epochNowMs } from "../epoch-clock.ts";
import { SAMPLE_RATE } from "../sound.ts";
import type { PcmSink } from "../subscribe/pcm-sink.ts";
import { RING_SAMPLES, RingWriter } from "./sample-ring.ts";

/** One stream of a `SpeakerOutput`, as it is posted from the window to the worker that writes the sound. */
export type SinkConnection =
  | { readonly kind: "shared"; readonly channels: 1 | 2; readonly memory: SharedArrayBuffer }
  | { readonly kind: "port"; readonly channels: 1 | 2; readonly port: MessagePort };

/** What the worklet reports through the port, about every 10 ms. */
export interface SinkReport {
  /** Samples per channel played or skipped since the beginning. */
  readonly played: number;
  readonly empty: number;
  readonly latencyUs: number;
}

/** What the worker sends through the port: samples (interleaved), or how many of the oldest to skip. */
export type SinkMessage = Float32Array | { readonly skip: number };

/** The writer's side of a stream of the speaker. Runs in a worker. */
export function openSpeakerSink(connection: SinkConnection, options: { readonly nowMs?: () => number } = {}): PcmSink {
  return connection.kind === "shared"
    ? new SharedSink(connection.memory, { channels: connection.channels })
    : new PortSink(connection.port, { channels: connection.channels, nowMs: options.nowMs ?? epochNowMs });
}

class SharedSink implements PcmSink {
  readonly channels: 1 | 2;
  readonly #ring: RingWriter;

  constructor(memory: SharedArrayBuffer, options: { readonly channels: 1 | 2 }) {
    this.channels = options.channels;
    this.#ring = new RingWriter(memory, options);
  }

  get bufferedSamples(): number {
    return this.#ring.bufferedSamples;
  }

  get playedSamples(): number {
    return this.#ring.playedSamples;
  }

  get emptySamples(): number {
    return this.#ring.emptySamples;
  }

  get outputLatencyUs(): number {
    return this.#ring.latencyUs;
  }

  write(samples: Float32Array): void {
    this.#ring.write(samples);
  }

  skip(count: number): void {
    this.#ring.skip(count);
  }

  close(): void {
    // The window removes the stream from the worklet.
  }
}

/** A worklet that has not reported for this long does not play. */
const MAX_EXTRAPOLATED_MS = 40;

/** The same without shared memory: what is played meanwhile is estimated between reports. */
class PortSink implements PcmSink {
  readonly channels: 1 | 2;
  readonly #port: MessagePort;
  readonly #nowMs: () => number;
  #written = 0;
  #skipped = 0;
  #report: SinkReport & { readonly skipped: number } = { played: 0, empty: 0, latencyUs: 0, skipped: 0 };
  #reportedMs = Number.NEGATIVE_INFINITY;
  #playedMost = 0;

  constructor(port: MessagePort, options: { readonly channels: 1 | 2; readonly nowMs: () => number }) {
    this.channels = options.channels;
    this.#port = port;
    this.#nowMs = options.nowMs;
    port.onmessage = ({ data }: MessageEvent<SinkReport>) => {
      this.#report = { ...data, skipped: this.#skipped };
      this.#reportedMs = this.#nowMs();
    };
  }

  get bufferedSamples(): number {
    return this.#written - this.playedSamples;
  }

  get playedSamples(): number {
    const { played, skipped } = this.#report;
    const sinceMs = this.#nowMs() - this.#reportedMs;
    const since = sinceMs < MAX_EXTRAPOLATED_MS ? Math.floor((sinceMs * SAMPLE_RATE) / 1000) : 0;
    const estimate = Math.min(this.#written, played + since + this.#skipped - skipped);
    this.#playedMost = Math.max(this.#playedMost, estimate);
    return this.#playedMost;
  }

  get emptySamples(): number {
    return this.#report.empty;
  }

  get outputLatencyUs(): number {
    return this.#report.latencyUs;
  }

  write(samples: Float32Array): void {
    const overflow = this.bufferedSamples + samples.length / this.channels - RING_SAMPLES;
    if (overflow > 0) this.skip(overflow);
    this.#written += samples.length / this.channels;
    const copy = new Float32Array(samples);
    this.#port.postMessage(copy, [copy.buffer]);
  }

  skip(count: number): void {
    const skipped = Math.min(count, this.bufferedSamples);
    if (skipped <= 0) return;
    this.#skipped += skipped;
    this.#port.postMessage({ skip: skipped });
  }

  close(): void {
    this.#port.close();
  }
}
