/** What a {@link SerialQueue} does with its items. */
export interface SerialQueueOptions<T> {
  /** Called for one item at a time, in order. */
  readonly run: (item: T) => Promise<void>;
  /** Releases an item that will not run. */
  readonly discard: (item: T) => void;
  /** Called once when {@link run} threw; the queue is closed then. */
  readonly onError: (error: unknown) => void;
  /** Called once, after the queue was closed and the running step has ended: frees what the steps use. */
  readonly dispose: () => void | Promise<void>;
}

/**
 * Runs asynchronous steps one after the other. Native objects are used only inside the steps and freed only in
 * `dispose`, so none is freed while another thread works with it.
 */
export class SerialQueue<T> {
  readonly #options: SerialQueueOptions<T>;
  #items: T[] = [];
  #running = false;
  #closed = false;
  #markDone: () => void = () => {};
  /** Resolves when the queue was closed and everything is freed. */
  readonly done: Promise<void>;

  constructor(options: SerialQueueOptions<T>) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#markDone = resolve;
    });
  }

  /** Items that wait or run. */
  get pending(): number {
    return this.#items.length + (this.#running ? 1 : 0);
  }

  get closed(): boolean {
    return this.#closed;
  }

  push(item: T): void {
    if (this.#closed) {
      this.#options.discard(item);
      return;
    }
    this.#items.push(item);
    if (!this.#running) void this.#drain();
  }

  /** Discards what waits; what runs ends first. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = this.#items;
    this.#items = [];
    for (const item of waiting) this.#options.discard(item);
    if (!this.#running) void this.#dispose();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
      try {
        await this.#options.run(item);
      } catch (error) {
        const report = !this.#closed;
        this.close();
        if (report) this.#options.onError(error);
      }
    }
    this.#running = false;
    if (this.#closed) await this.#dispose();
  }

  async #dispose(): Promise<void> {
    try {
      await this.#options.dispose();
    } finally {
      this.#markDone();
    }
  }
}
