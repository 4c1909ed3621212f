/** One timer that is set anew as often as needed. */
export class Alarm {
  readonly #ring: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(ring: () => void, options: { readonly signal: AbortSignal }) {
    this.#ring = ring;
    options.signal.addEventListener("abort", () => this.clear(), { once: true });
  }

  /** Rings at `atMs`, unless it rings earlier anyway. Both on the same clock. */
  set(atMs: number, nowMs: number): void {
    if (atMs >= this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    this.#timer = setTimeout(
      () => {
        this.#atMs = Number.POSITIVE_INFINITY;
        this.#ring();
      },
      Math.max(0, atMs - nowMs),
    );
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}
