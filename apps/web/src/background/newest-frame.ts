/** What holds something of the browser's until it is closed. */
interface Closable {
  close(): void;
}

/** Holds the newest of the pictures that came while the one before was worked on; the others are closed, unseen. */
export class NewestFrame<T extends Closable> {
  #held: T | undefined;
  #wake: ((frame: T | undefined) => void) | undefined;
  #ended = false;

  /** Takes `frame` over. */
  push(frame: T): void {
    const wake = this.#wake;
    this.#wake = undefined;
    if (this.#ended) {
      frame.close();
    } else if (wake) {
      wake(frame);
    } else {
      this.#held?.close();
      this.#held = frame;
    }
  }

  /** The newest one, which the caller closes, as soon as there is one; undefined at the end. One caller at a time. */
  take(): Promise<T | undefined> {
    const held = this.#held;
    this.#held = undefined;
    if (held || this.#ended) return Promise.resolve(held);
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** No more come. */
  end(): void {
    this.#ended = true;
    this.#held?.close();
    this.#held = undefined;
    this.#wake?.(undefined);
    this.#wake = undefined;
  }
}
