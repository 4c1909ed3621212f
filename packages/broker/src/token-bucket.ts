/** How much may come, in whatever is counted. */
export interface Rate {
  readonly perS: number;
  /** What may come at once after a quiet time. */
  readonly burst: number;
}

/**
 * A budget that fills up steadily. What is taken beyond it becomes a debt, which is paid by waiting: so a single large
 * thing passes, and the mean still holds. Times are in milliseconds of one monotonic clock.
 */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes `amount`, whether it is there or not. */
  take(amount: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#tokens -= amount;
  }

  /** Takes `amount` only if it is there. */
  tryTake(amount: number, nowMs: number): boolean {
    this.#fill(nowMs);
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  /** What is there; negative: a debt. */
  tokens(nowMs: number): number {
    this.#fill(nowMs);
    return this.#tokens;
  }

  /** How long until the debt is paid; 0 when there is none. */
  waitMs(nowMs: number): number {
    const tokens = this.tokens(nowMs);
    return tokens >= 0 ? 0 : (-tokens / this.#rate.perS) * 1000;
  }

  /** Nothing was taken for so long that a new one would be the same. */
  isFull(nowMs: number): boolean {
    return this.tokens(nowMs) >= this.#rate.burst;
  }

  #fill(nowMs: number): void {
    const elapsedS = Math.max(0, nowMs - this.#atMs) / 1000;
    this.#atMs = Math.max(this.#atMs, nowMs);
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + elapsedS * this.#rate.perS);
  }
}
