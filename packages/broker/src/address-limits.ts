import { addressKey } from "./address-key.ts";
import { type Rate, TokenBucket } from "./token-bucket.ts";

/** What the clients of one address may do together. */
export interface PerAddressLimits {
  readonly maxConnections: number;
  readonly connects: Rate;
  /** Attempts with credentials that are not right. Once used up, nobody from there is let in for a while. */
  readonly failures: Rate;
}

interface Entry {
  connections: number;
  readonly connects: TokenBucket;
  readonly failures: TokenBucket;
}

/** Addresses that are remembered. Beyond it, those without connections are forgotten, oldest first. */
const MAX_ADDRESSES = 10_000;

/** Counts, for each address, connections, attempts and failures. Time is an argument. */
export class AddressLimits {
  readonly #limits: PerAddressLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: PerAddressLimits) {
    this.#limits = limits;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether one more connection may come. It is counted then, until {@link leave}. */
  enter(address: string, nowMs: number): boolean {
    const entry = this.#entry(addressKey(address), nowMs);
    if (!entry.connects.tryTake(1, nowMs) || entry.connections >= this.#limits.maxConnections) return false;
    entry.connections++;
    return true;
  }

  leave(address: string): void {
    const entry = this.#entries.get(addressKey(address));
    if (entry) entry.connections--;
  }

  failed(address: string, nowMs: number): void {
    this.#entry(addressKey(address), nowMs).failures.tryTake(1, nowMs);
  }

  /** Too many have failed: nobody is asked for credentials. */
  isBlocked(address: string, nowMs: number): boolean {
    const entry = this.#entries.get(addressKey(address));
    return entry !== undefined && entry.failures.tokens(nowMs) < 1;
  }

  /** Forgets addresses that a stranger would be the same as. */
  sweep(nowMs: number): void {
    for (const [key, entry] of this.#entries) {
      const isQuiet = entry.connects.isFull(nowMs) && entry.failures.isFull(nowMs);
      if (entry.connections === 0 && isQuiet) this.#entries.delete(key);
    }
  }

  #entry(key: string, nowMs: number): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= MAX_ADDRESSES) this.#forgetOne();
    const { connects, failures } = this.#limits;
    const entry = {
      connections: 0,
      connects: new TokenBucket(connects, nowMs),
      failures: new TokenBucket(failures, nowMs),
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #forgetOne(): void {
    for (const [key, { connections }] of this.#entries) {
      if (connections > 0) continue;
      this.#entries.delete(key);
      return;
    }
  }
}
