/** About eight seconds of frames. */
const SIZE = 256;

/** Percentiles of the last values. */
export class LatencyWindow {
  // Numbers in arrays of their own kind cost no memory each time they are sorted.
  readonly #values = new Float64Array(SIZE);
  readonly #sorted = new Float64Array(SIZE);
  #count = 0;
  #next = 0;

  push(latencyMs: number): void {
    this.#values[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % SIZE;
    this.#count = Math.min(SIZE, this.#count + 1);
  }

  /** Null before the first value. */
  percentiles(): { readonly p50: number; readonly p95: number } | null {
    if (this.#count === 0) return null;
    const sorted = this.#sorted.subarray(0, this.#count);
    sorted.set(this.#values.subarray(0, this.#count));
    sorted.sort();
    const at = (quantile: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
    return { p50: at(0.5), p95: at(0.95) };
  }
}
