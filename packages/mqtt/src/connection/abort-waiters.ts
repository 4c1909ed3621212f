/** Many that wait for the same signals, with one listener on each: Node takes more than ten on one signal for a leak. */
export class AbortWaiters {
  readonly #waiting = new Map<AbortSignal, Set<() => void>>();

  /** Calls `onAbort` once when the signal aborts. The answer takes it back; the last one to do so removes the listener. */
  add(signal: AbortSignal, onAbort: () => void): () => void {
    const waiting = this.#waiting.get(signal) ?? this.#listenTo(signal);
    waiting.add(onAbort);
    return () => {
      if (!waiting.delete(onAbort) || waiting.size > 0 || this.#waiting.get(signal) !== waiting) return;
      this.#waiting.delete(signal);
      signal.removeEventListener("abort", this.#onAbort);
    };
  }

  #listenTo(signal: AbortSignal): Set<() => void> {
    const waiting = new Set<() => void>();
    this.#waiting.set(signal, waiting);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    return waiting;
  }

  readonly #onAbort = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const waiting = this.#waiting.get(signal);
    this.#waiting.delete(signal);
    for (const onAbort of waiting ?? []) onAbort(); // a set leaves out who goes meanwhile
  };
}
