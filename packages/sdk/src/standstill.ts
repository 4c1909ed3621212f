/** Sees that this machine was away, suspended or starved: it looks at something a few times a second, and once came much later. */
export class Standstill {
  readonly #limitMs: number;
  #lookedMs: number | undefined;

  /** `limitMs`: looks that are further apart than this were held up. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** To be called at each look. Returns whether the machine stood still since the last one. */
  endsAt(nowMs: number): boolean {
    const wasAway = this.#lookedMs !== undefined && nowMs - this.#lookedMs > this.#limitMs;
    this.#lookedMs = nowMs;
    return wasAway;
  }
}
