/** Packets sent within this time count as one: the age needs no more precision, and the list stays short. */
const GRAIN_MS = 2;

interface Batch {
  /** Counted from the beginning of the stream. */
  end: number;
  readonly sentAtMs: number;
}

/** Knows how old the oldest byte is that was given to a stream and still waits there. */
export class UnsentBytes {
  #sentBytes = 0;
  #batches: Batch[] = [];
  #first = 0;

  /**
   * `bytes` were given to the stream, where `bufferedBytes` of all wait now. `bufferedBefore`: waited before that. Streams
   * may count their own framing as well, so only an empty one says exactly what is gone.
   */
  sent(
    bytes: number,
    state: { readonly bufferedBefore: number; readonly bufferedBytes: number; readonly nowMs: number },
  ): void {
    this.#sentBytes += bytes;
    if (state.bufferedBefore === 0 || state.bufferedBytes === 0) {
      this.#batches = [];
      this.#first = 0;
    }
    if (state.bufferedBytes === 0) return;
    const last = this.#batches.at(-1);
    if (last && state.nowMs - last.sentAtMs < GRAIN_MS) last.end = this.#sentBytes;
    else this.#batches.push({ end: this.#sentBytes, sentAtMs: state.nowMs });
  }

  /** 0 when nothing waits. */
  oldestAgeMs(state: { readonly bufferedBytes: number; readonly nowMs: number }): number {
    if (state.bufferedBytes === 0) return 0;
    const drained = this.#sentBytes - state.bufferedBytes;
    while ((this.#batches[this.#first]?.end ?? Number.POSITIVE_INFINITY) <= drained) this.#first++;
    this.#forgetDrained();
    const oldest = this.#batches[this.#first];
    return oldest ? Math.max(0, state.nowMs - oldest.sentAtMs) : 0;
  }

  #forgetDrained(): void {
    if (this.#first < 256) return;
    this.#batches = this.#batches.slice(this.#first);
    this.#first = 0;
  }
}
