/** About eight seconds of frames. */
const SIZE = 256;

/** Percentiles of the last values. */
export class LatencyWindow {
  readonly #values: number[] = [];
  #next = 0;

  push(latencyMs: number): void {
    this.#values[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % SIZE;
  }

  /** Null before the first value. */
  percentiles(): { readonly p50: number; readonly p95: number } | null {
    if (this.#values.length === 0) return null;
    const sorted = this.#values.toSorted((a, b) => a - b);
    const at = (quantile: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
    return { p50: at(0.5), p95: at(0.95) };
  }
}
