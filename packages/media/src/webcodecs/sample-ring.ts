/**
 * The memory of one stream of sound between the worker that writes it and the worklet that plays it:
 *
 *     0   i32  samples per channel written
 *     4   i32  samples per channel played or skipped
 *     8   i32  samples of silence played because nothing was there
 *     12  i32  position up to which samples are to be skipped
 *     16  i32  microseconds from the worklet to the ear
 *     20  …    unused
 *     32  f32  {@link RING_SAMPLES} × channels samples, interleaved
 *
 * Positions wrap at 2^32, which is a day. The worklet (`browser/playout-worklet.ts`, which can import nothing) has these
 * numbers too.
 */
export const RING_HEADER_BYTES = 32;

/** 2.7 s: more than playout ever lets wait before it jumps. A power of two, so that positions can wrap. */
export const RING_SAMPLES = 131_072;

export const WRITTEN = 0;
export const PLAYED = 1;
export const EMPTY = 2;
export const SKIP_TO = 3;
export const LATENCY_US = 4;

/** Bytes of the memory of a stream. */
export function ringBytes(channels: 1 | 2): number {
  return RING_HEADER_BYTES + RING_SAMPLES * channels * Float32Array.BYTES_PER_ELEMENT;
}

/** The writer's end of a ring. Never waits: when it is full, the oldest sound is thrown away. */
export class RingWriter {
  readonly #channels: 1 | 2;
  readonly #header: Int32Array;
  readonly #samples: Float32Array;
  #playedSeen = 0;
  #playedTotal = 0;
  #emptySeen = 0;
  #emptyTotal = 0;

  constructor(memory: ArrayBufferLike, options: { readonly channels: 1 | 2 }) {
    this.#channels = options.channels;
    this.#header = new Int32Array(memory, 0, RING_HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#samples = new Float32Array(memory, RING_HEADER_BYTES, RING_SAMPLES * options.channels);
  }

  /** Written and neither played nor skipped. */
  get bufferedSamples(): number {
    return distance(this.#load(WRITTEN), this.#position());
  }

  /** Played and skipped since the beginning. */
  get playedSamples(): number {
    const position = this.#position();
    this.#playedTotal += distance(position, this.#playedSeen);
    this.#playedSeen = position;
    return this.#playedTotal;
  }

  get emptySamples(): number {
    const empty = this.#load(EMPTY);
    this.#emptyTotal += distance(empty, this.#emptySeen);
    this.#emptySeen = empty;
    return this.#emptyTotal;
  }

  get latencyUs(): number {
    return this.#load(LATENCY_US);
  }

  /** Takes a copy of `samples` (interleaved); of more than the ring holds, the end. */
  write(samples: Float32Array): void {
    const channels = this.#channels;
    const fitting = samples.subarray(Math.max(0, samples.length - RING_SAMPLES * channels));
    const count = fitting.length / channels;
    const overflow = this.bufferedSamples + count - RING_SAMPLES;
    if (overflow > 0) this.skip(overflow);
    const written = this.#load(WRITTEN);
    const at = (written & (RING_SAMPLES - 1)) * channels;
    const first = Math.min(fitting.length, this.#samples.length - at);
    this.#samples.set(fitting.subarray(0, first), at);
    this.#samples.set(fitting.subarray(first));
    Atomics.store(this.#header, WRITTEN, (written + count) | 0);
  }

  /** Throws the oldest `count` samples away. */
  skip(count: number): void {
    const target = (this.#position() + Math.min(count, this.bufferedSamples)) | 0;
    Atomics.store(this.#header, SKIP_TO, target);
  }

  /** Where the reader is, or will be when it has seen what to skip. An old skip counts as none. */
  #position(): number {
    const played = this.#load(PLAYED);
    const ahead = distance(this.#load(SKIP_TO), played);
    const skipping = ahead > 0 && ahead <= distance(this.#load(WRITTEN), played);
    return skipping ? played + ahead : played;
  }

  #load(index: number): number {
    return Atomics.load(this.#header, index);
  }
}

/** From `from` to `to`, both wrapping; negative when `to` is behind. */
function distance(to: number, from: number): number {
  return (to - from) | 0;
}
