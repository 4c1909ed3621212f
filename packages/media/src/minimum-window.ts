const BUCKETS = 10;

/**
 * The smallest value of the last seconds. For clock offsets: the smallest difference between arrival and capture is
 * the one that waited least, and forgetting old ones follows clocks that drift.
 */
export class MinimumWindow {
  readonly #bucketUs: number;
  /** Minimum of each part of the window, the newest last. */
  readonly #buckets: { readonly index: number; minimum: number }[] = [];

  constructor(options: { readonly windowUs: number }) {
    this.#bucketUs = options.windowUs / BUCKETS;
  }

  /** Undefined before the first value. Values are forgotten when others come, so there is always one after that. */
  get minimum(): number | undefined {
    if (this.#buckets.length === 0) return undefined;
    return this.#buckets.reduce((least, { minimum }) => Math.min(least, minimum), Number.POSITIVE_INFINITY);
  }

  push(value: number, nowUs: number): void {
    const index = Math.floor(nowUs / this.#bucketUs);
    const newest = this.#buckets.at(-1);
    if (newest?.index === index) newest.minimum = Math.min(newest.minimum, value);
    else this.#buckets.push({ index, minimum: value });
    while (this.#buckets[0] !== undefined && this.#buckets[0].index <= index - BUCKETS) this.#buckets.shift();
  }

  /** Forgets everything. */
  reset(): void {
    this.#buckets.length = 0;
  }
}
