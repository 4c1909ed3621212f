import { type Rate, TokenBucket } from "./token-bucket.ts";

/** What one client may send. */
export interface ClientRates {
  readonly bytes: Rate;
  /** Every packet but acknowledgements that the broker waits for. */
  readonly messages: Rate;
  /** Messages of QoS 1 and 2: each waits in the queues of its receivers, and is answered. */
  readonly reliable: Rate;
  /** SUBSCRIBE and UNSUBSCRIBE packets. */
  readonly subscribes: Rate;
}

/** A client that is above its rate is not read from for so long at most; then its connection ends. */
export const MAX_ABOVE_MS = 5000;

/** A client is back within its rate when it has left so much of it unused. */
const WITHIN_S = 0.1;

const KINDS = ["bytes", "messages", "reliable", "subscribes"] as const;

/** Decides whether a client that sends much is read from now, later, or not any more. No clock, no timer. */
export class IngressMeter {
  readonly #rates: ClientRates;
  readonly #buckets: Readonly<Record<keyof ClientRates, TokenBucket>>;
  /** Since when it has been above one of its rates without a pause. */
  #aboveSinceMs: number | undefined;

  constructor(rates: ClientRates, nowMs: number) {
    this.#rates = rates;
    this.#buckets = {
      bytes: new TokenBucket(rates.bytes, nowMs),
      messages: new TokenBucket(rates.messages, nowMs),
      reliable: new TokenBucket(rates.reliable, nowMs),
      subscribes: new TokenBucket(rates.subscribes, nowMs),
    };
  }

  /** To be called when something has come, before it is charged. */
  arrived(nowMs: number): void {
    if (this.#aboveSinceMs === undefined) return;
    const isWithin = KINDS.every((kind) => {
      const { perS, burst } = this.#rates[kind];
      return this.#buckets[kind].tokens(nowMs) >= Math.min(WITHIN_S * perS, burst);
    });
    if (isWithin) this.#aboveSinceMs = undefined;
  }

  charge(kind: keyof ClientRates, amount: number, nowMs: number): void {
    this.#buckets[kind].take(amount, nowMs);
  }

  /** How long not to read; 0: go on; undefined: the connection has to end. */
  pauseMs(nowMs: number): number | undefined {
    let waitMs = 0;
    for (const kind of KINDS) waitMs = Math.max(waitMs, this.#buckets[kind].waitMs(nowMs));
    if (waitMs === 0) return 0;
    this.#aboveSinceMs ??= nowMs;
    return nowMs + waitMs - this.#aboveSinceMs > MAX_ABOVE_MS ? undefined : waitMs;
  }
}
