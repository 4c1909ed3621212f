import type { MediaSender, MediaSource } from "../transport.ts";

/** For tests: what is sent is delivered at once to whoever subscribed. Filters are whole topics, or end in `/+`. */
export class MemoryTransport implements MediaSender, MediaSource {
  readonly #subscriptions = new Set<{ filter: string; onMessage: (topic: string, payload: Uint8Array) => void }>();
  /** Packets sent, by topic. */
  readonly sent: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  connected = true;
  queueAgeMs = 0;
  /** Returns what becomes of a packet. */
  onSend: ((payload: Uint8Array) => "deliver" | "lose") | undefined;

  send(topic: string, payload: Uint8Array): boolean {
    if (!this.connected) return false;
    this.sent.push({ topic, payload });
    if ((this.onSend?.(payload) ?? "deliver") === "deliver") this.deliver(topic, payload);
    return true;
  }

  congested(): boolean {
    return this.queueAgeMs > 50;
  }

  oldestAgeMs(): number {
    return this.queueAgeMs;
  }

  subscribe(
    filter: string,
    onMessage: (topic: string, payload: Uint8Array) => void,
    options: { readonly signal: AbortSignal },
  ): void {
    const subscription = { filter, onMessage };
    this.#subscriptions.add(subscription);
    options.signal.addEventListener("abort", () => this.#subscriptions.delete(subscription), { once: true });
  }

  /** Number of subscriptions. */
  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  deliver(topic: string, payload: Uint8Array): void {
    for (const { filter, onMessage } of this.#subscriptions) {
      const prefix = filter.endsWith("/+") ? filter.slice(0, -1) : undefined;
      if (filter === topic || (prefix && topic.startsWith(prefix))) onMessage(topic, payload);
    }
  }
}
