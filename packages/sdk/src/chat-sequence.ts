import type { ChatMessage } from "@mqtt-meet/protocol";
import { MAX_KEPT_MESSAGES } from "./own-messages.ts";

/** Messages overtake each other by little; so long a gap may close by itself. */
const FIRST_ASK_MS = 300;
/** An answer may be lost as well: asking again backs off up to this. */
const MAX_ASK_INTERVAL_MS = 8_000;
/** After so many unanswered requests, about 25 s, a gap is given up and what came after it is shown: a broker that changes nodes takes 10 s. */
const MAX_ASKS = 7;

/** A range of numbers that did not arrive, both ends included. */
export interface MissingMessages {
  readonly from: number;
  readonly to: number;
}

/** Brings the chat messages of one sender into its order, each once, and says which are missing. */
export class ChatSequence {
  #next = 1;
  #latest = 0;
  readonly #waiting = new Map<number, ChatMessage>();
  #askAtMs: number | undefined;
  #askIntervalMs = FIRST_ASK_MS;
  #asks = 0;

  /** The number of the last message that was passed on. */
  get lastSeen(): number {
    return this.#next - 1;
  }

  /** A message arrived. Returns the messages that are now in order, oldest first. */
  receive(message: ChatMessage, nowMs: number): readonly ChatMessage[] {
    if (message.number < this.#next) return [];
    this.#waiting.set(message.number, message);
    return this.sent(message.number, nowMs);
  }

  /** The sender said that its last message has this number. */
  sent(latest: number, nowMs: number): readonly ChatMessage[] {
    this.#latest = Math.max(this.#latest, latest);
    // What the sender no longer keeps never comes, and no more than that is held here.
    return this.skipTo(this.#latest - MAX_KEPT_MESSAGES + 1, nowMs);
  }

  /** The sender keeps nothing older than `number`. */
  skipTo(number: number, nowMs: number): readonly ChatMessage[] {
    const shown: ChatMessage[] = [];
    if (number > this.#next) {
      shown.push(...this.#takeWaiting(number));
      this.#next = number;
      this.#latest = Math.max(this.#latest, number - 1);
    }
    for (let message = this.#waiting.get(this.#next); message; message = this.#waiting.get(this.#next)) {
      shown.push(message);
      this.#waiting.delete(this.#next);
      this.#next++;
    }
    this.#schedule(nowMs, shown.length > 0);
    return shown;
  }

  /** The sender is gone: what waits for an older message is shown without it. */
  end(nowMs: number): readonly ChatMessage[] {
    const shown = this.skipTo(Math.max(0, ...this.#waiting.keys()) + 1, nowMs);
    this.#askAtMs = undefined;
    return shown;
  }

  /** What to ask the sender for now, if anything; `shown` when a gap is given up. */
  check(nowMs: number): { readonly missing?: MissingMessages; readonly shown: readonly ChatMessage[] } {
    if (this.#askAtMs === undefined || nowMs < this.#askAtMs) return { shown: [] };
    const firstAfter = this.#waiting.size > 0 ? Math.min(...this.#waiting.keys()) : this.#latest + 1;
    if (this.#asks >= MAX_ASKS) return { shown: this.skipTo(firstAfter, nowMs) };
    this.#asks++;
    this.#askAtMs = nowMs + this.#askIntervalMs;
    this.#askIntervalMs = Math.min(this.#askIntervalMs * 2, MAX_ASK_INTERVAL_MS);
    return { missing: { from: this.#next, to: firstAfter - 1 }, shown: [] };
  }

  /** The way to the sender is new, or brought something: requests begin again. */
  restart(nowMs: number): void {
    this.#asks = 0;
    this.#askIntervalMs = FIRST_ASK_MS;
    if (this.#next <= this.#latest) this.#askAtMs = nowMs + this.#askIntervalMs;
  }

  #schedule(nowMs: number, progress: boolean): void {
    if (this.#next > this.#latest) {
      this.#askAtMs = undefined;
    } else if (this.#askAtMs === undefined || progress) {
      this.restart(nowMs);
    }
  }

  #takeWaiting(before: number): readonly ChatMessage[] {
    const numbers = [...this.#waiting.keys()].filter((number) => number < before).sort((a, b) => a - b);
    return numbers.flatMap((number) => {
      const message = this.#waiting.get(number);
      this.#waiting.delete(number);
      return message === undefined ? [] : [message];
    });
  }
}
