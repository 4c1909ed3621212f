/** A rate is taken over so long. */
const WINDOW_MS = 1_000;

/** How fast counters grow, all together. Tracks come and go, and each counts from its own beginning. */
export class GrowthRate {
  readonly #known = new Map<string, number>();
  readonly #samples: { readonly atMs: number; readonly sum: number }[] = [];
  #sum = 0;

  /** The counter of `key` is at `total` now; each of it counts for `weight`. Returns what came, before weighing. */
  count(key: string, total: number, weight: number): number {
    const fresh = Math.max(0, total - (this.#known.get(key) ?? 0));
    this.#known.set(key, total);
    this.#sum += fresh * weight;
    return fresh;
  }

  /** What came in a second, over the last one. To be asked once all of `present` were counted; the others are forgotten. */
  perSecond(present: ReadonlyMap<string, unknown>, nowMs: number): number {
    for (const key of this.#known.keys()) if (!present.has(key)) this.#known.delete(key);
    this.#samples.push({ atMs: nowMs, sum: this.#sum });
    while ((this.#samples[1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) this.#samples.shift();
    const oldest = this.#samples[0] ?? { atMs: nowMs, sum: this.#sum };
    return nowMs > oldest.atMs ? (1000 * (this.#sum - oldest.sum)) / (nowMs - oldest.atMs) : 0;
  }
}
