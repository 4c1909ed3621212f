/** Messages that wait for the key of an epoch or of a sender; above it, the oldest are dropped. */
const MAX_WAITING = 128;
const MAX_WAIT_MS = 5_000;
/** Messages that have come and were not opened. A flood is dropped at its end. */
const MAX_PENDING = 1_024;

interface Word {
  readonly atMs: number;
  /** Resolves to "waits" when it must be tried again. */
  readonly open: () => Promise<"done" | "waits" | "refused">;
}

/** Opens what comes one after the other, in its order; what lacks a key is tried again when there is another. */
export class WordInbox {
  readonly #nowMs: () => number;
  readonly #waiting: Word[] = [];
  #last: Promise<void> = Promise.resolve();
  #pending = 0;
  /** Messages that were not authentic, came twice, or lacked a key for too long. */
  refused = 0;

  constructor(options: { readonly nowMs: () => number }) {
    this.#nowMs = options.nowMs;
  }

  receive(open: Word["open"]): void {
    this.#enqueue({ open, atMs: this.#nowMs() });
  }

  /** There is another key, or time has passed. */
  retry(): void {
    for (const word of this.#waiting.splice(0)) {
      if (this.#nowMs() - word.atMs > MAX_WAIT_MS) this.refused++;
      else this.#enqueue(word);
    }
  }

  #enqueue(word: Word): void {
    if (this.#pending >= MAX_PENDING) {
      this.refused++;
      return;
    }
    this.#pending++;
    this.#last = this.#last
      .then(() => this.#open(word))
      .catch((error: unknown) => {
        // A bug: it goes up as it would without a promise, and the next message is opened all the same.
        queueMicrotask(() => {
          throw error;
        });
      });
  }

  async #open(word: Word): Promise<void> {
    this.#pending--;
    const outcome = await word.open();
    if (outcome === "waits") this.#wait(word);
    else if (outcome === "refused") this.refused++;
  }

  #wait(word: Word): void {
    this.#waiting.push(word);
    if (this.#waiting.length <= MAX_WAITING) return;
    this.#waiting.shift();
    this.refused++;
  }
}
