/**
 * Where sound is played: a queue that a device empties at 48 kHz. The writer decides what is played; the sink only says
 * how far it is. Positions count samples per channel.
 */
export interface PcmSink {
  readonly channels: 1 | 2;
  /** Written and not yet taken by the device. */
  readonly bufferedSamples: number;
  /** Taken by the device since the beginning; silence that stood in for missing sound does not count. */
  readonly playedSamples: number;
  /** Silence the device played because nothing was there. */
  readonly emptySamples: number;
  /** From the sink to the ear. */
  readonly outputLatencyUs: number;
  /** Takes a copy of interleaved samples. What does not fit pushes the oldest out. */
  write(samples: Float32Array): void;
  /** Throws the oldest `count` samples away. */
  skip(count: number): void;
  close(): void;
}
