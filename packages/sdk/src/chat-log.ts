import type { ChatMessage, PeerId } from "@mqtt-meet/protocol";
import { ChatSequence, type MissingMessages } from "./chat-sequence.ts";

/** What is shown; the oldest go. */
const MAX_SHOWN = 2_000;
/** Senders whose last number is remembered, gone ones included. */
const MAX_SENDERS = 300;

/** A message that is shown. */
export interface ChatLine {
  readonly from: PeerId;
  readonly message: ChatMessage;
  /** What the lines are ordered by. */
  readonly atMs: number;
}

/**
 * The chat of a room: the messages of each sender once and in its order. Between senders, a message stands where it
 * arrived; the earlier messages that a newcomer gets, where their senders' clocks put them.
 */
export class ChatLog {
  readonly #sequences = new Map<PeerId, ChatSequence>();
  readonly #gone = new Set<PeerId>();
  readonly #lastAtMs = new Map<PeerId, number>();
  #lines: readonly ChatLine[] = [];

  /** What is shown, oldest first; another array after each change. */
  get lines(): readonly ChatLine[] {
    return this.#lines;
  }

  /** A message of our own. */
  write(own: PeerId, message: ChatMessage, nowMs: number): void {
    this.#show(own, [message], { nowMs, again: false });
  }

  /** `again`: it was sent again because it was missed, so its place is not here and now. */
  receive(from: PeerId, message: ChatMessage, options: { readonly nowMs: number; readonly again: boolean }): void {
    this.#show(from, this.#sequence(from)?.receive(message, options.nowMs) ?? [], options);
  }

  /** `from` said what the number of its last message is. */
  sent(from: PeerId, latest: number, nowMs: number): void {
    if (latest > 0) this.#show(from, this.#sequence(from)?.sent(latest, nowMs) ?? [], { nowMs, again: true });
  }

  /** `from` keeps nothing older than the number `oldest`. */
  skipTo(from: PeerId, oldest: number, nowMs: number): void {
    this.#show(from, this.#sequence(from)?.skipTo(oldest, nowMs) ?? [], { nowMs, again: true });
  }

  /**
   * `peer` is gone; "left" when for good, so that nothing more can be asked of it. Its numbers are remembered as long
   * as there is room: late repetitions are not shown again, and who was only "lost" may come back.
   */
  end(peer: PeerId, how: { readonly nowMs: number; readonly reason: "left" | "lost" }): void {
    const sequence = this.#sequences.get(peer);
    if (sequence === undefined) return;
    this.#gone.add(peer);
    if (how.reason === "left") this.#show(peer, sequence.end(how.nowMs), { nowMs: how.nowMs, again: false });
  }

  /** The number of the last message shown, by sender. */
  lastSeen(): Record<PeerId, number> {
    return Object.fromEntries([...this.#sequences].map(([peer, sequence]) => [peer, sequence.lastSeen]));
  }

  /** Our connection is new: unanswered requests do not count. */
  restart(nowMs: number): void {
    for (const sequence of this.#sequences.values()) sequence.restart(nowMs);
  }

  /** What to ask the senders for now; those that are not `reachable` have time. */
  check(
    nowMs: number,
    reachable: (peer: PeerId) => boolean = () => true,
  ): readonly (MissingMessages & { readonly peer: PeerId })[] {
    const asks: (MissingMessages & { readonly peer: PeerId })[] = [];
    for (const [peer, sequence] of this.#sequences) {
      if (!reachable(peer)) continue;
      const { missing, shown } = sequence.check(nowMs);
      if (missing !== undefined) asks.push({ peer, ...missing });
      this.#show(peer, shown, { nowMs, again: true });
    }
    return asks;
  }

  #sequence(peer: PeerId): ChatSequence | undefined {
    this.#gone.delete(peer);
    const known = this.#sequences.get(peer);
    if (known !== undefined) return known;
    if (this.#sequences.size >= MAX_SENDERS && !this.#forgetOne()) return undefined;
    const sequence = new ChatSequence();
    this.#sequences.set(peer, sequence);
    return sequence;
  }

  #forgetOne(): boolean {
    for (const peer of this.#gone) {
      this.#gone.delete(peer);
      this.#lastAtMs.delete(peer);
      return this.#sequences.delete(peer);
    }
    return false;
  }

  #show(
    from: PeerId,
    messages: readonly ChatMessage[],
    when: { readonly nowMs: number; readonly again: boolean },
  ): void {
    if (messages.length === 0) return;
    const lines = [...this.#lines];
    for (const message of messages) {
      const wishedMs = when.again ? Math.min(message.sentAtMs, when.nowMs) : when.nowMs;
      const atMs = Math.max(wishedMs, this.#lastAtMs.get(from) ?? Number.NEGATIVE_INFINITY);
      this.#lastAtMs.set(from, atMs);
      lines.splice(lines.findLastIndex((line) => line.atMs <= atMs) + 1, 0, { from, message, atMs });
    }
    this.#lines = lines.slice(-MAX_SHOWN);
  }
}
