import type { PcmSink } from "./pcm-sink.ts";

/** A sink without a device: hands everything on as it is written, and pretends that it plays in real time. */
export class ClockedSink implements PcmSink {
  readonly channels: 1 | 2;
  readonly outputLatencyUs = 0;

  constructor(options: {
    readonly channels: 1 | 2;
    /** Interleaved samples, 48 kHz; valid during the call only. */
    readonly onSamples: (samples: Float32Array) => void;
    readonly nowMs?: () => number;
  }) {
    this.channels = options.channels;
    throw new Error("not yet");
  }

  get bufferedSamples(): number {
    throw new Error("not yet");
  }

  get playedSamples(): number {
    throw new Error("not yet");
  }

  get emptySamples(): number {
    throw new Error("not yet");
  }

  write(samples: Float32Array): void {
    throw new Error(`not yet ${samples}`);
  }

  skip(count: number): void {
    throw new Error(`not yet ${count}`);
  }

  close(): void {}
}
