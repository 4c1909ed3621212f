const TICK_MS = 5;

/** Finds the longest time without a picture, and takes off what this process itself stood still meanwhile. */
export class Freezes implements Disposable {
  readonly #arrivals = new Map<string, number[]>();
  readonly #ticks: number[] = [];
  readonly #timer: NodeJS.Timeout;
  #beganMs = Number.POSITIVE_INFINITY;

  constructor() {
    this.#timer = setInterval(() => this.#ticks.push(performance.now()), TICK_MS);
  }

  /** Pictures of all that is watched. */
  get pictures(): number {
    return [...this.#arrivals.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** To be called at every picture of `name`. */
  watch(name: string): () => void {
    const arrivals: number[] = [];
    this.#arrivals.set(name, arrivals);
    return () => arrivals.push(performance.now());
  }

  /** What was before does not count. */
  begin(): void {
    this.#beganMs = performance.now();
  }

  /** From {@link begin} to now, in whole milliseconds. */
  longestMs(): number {
    const endMs = performance.now();
    const each = [...this.#arrivals.values()].map((arrivals) => {
      const times = [this.#beganMs, ...arrivals.filter((atMs) => atMs > this.#beganMs), endMs];
      const gaps = times.slice(1).map((toMs, index) => this.#freezeMs(times[index] ?? toMs, toMs));
      return Math.max(...gaps);
    });
    return Math.round(Math.max(...each));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #freezeMs(fromMs: number, toMs: number): number {
    const ticks = [fromMs, ...this.#ticks.filter((atMs) => atMs > fromMs && atMs < toMs), toMs];
    const stoodStillMs = ticks.slice(1).map((atMs, index) => Math.max(0, atMs - (ticks[index] ?? atMs) - 2 * TICK_MS));
    return toMs - fromMs - stoodStillMs.reduce((sum, ms) => sum + ms, 0);
  }
}
