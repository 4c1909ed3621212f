import type { Rate } from "@mqtt-meet/broker";
import { TokenBucket } from "@mqtt-meet/broker/parts";

/** How many lines a {@link LineLimit} lets through. */
export interface LineRates {
  /** Of one kind. */
  readonly each: Rate;
  /** Of all kinds together. */
  readonly all: Rate;
}

/** Decides which lines are written when somebody makes thousands of them. Time is an argument. */
export class LineLimit {
  readonly #rates: LineRates;
  readonly #all: TokenBucket;
  readonly #kinds = new Map<string, TokenBucket>();
  #leftOut = new Map<string, number>();

  constructor(rates: LineRates, nowMs: number) {
    this.#rates = rates;
    this.#all = new TokenBucket(rates.all, nowMs);
  }

  /** Whether a line may be written now; otherwise it is counted. There must be few kinds: each is remembered. */
  admit(kind: string, nowMs: number): boolean {
    const own = this.#kinds.get(kind) ?? new TokenBucket(this.#rates.each, nowMs);
    this.#kinds.set(kind, own);
    if (this.#all.tokens(nowMs) >= 1 && own.tryTake(1, nowMs)) {
      this.#all.take(1, nowMs);
      return true;
    }
    this.#leftOut.set(kind, (this.#leftOut.get(kind) ?? 0) + 1);
    return false;
  }

  /** How many lines were left out of each kind since this was last asked. */
  takeLeftOut(): ReadonlyMap<string, number> {
    const leftOut = this.#leftOut;
    this.#leftOut = new Map();
    return leftOut;
  }
}
