/** Something that has collected work in this turn of the event loop. */
export interface Flushable {
  /** Does not throw. */
  flush(nowMs: number): void;
}

/**
 * Flushes everybody once, at the end of the turn of the event loop in which they were added: after all sockets that had
 * data have been read, and without a timer.
 */
export class TurnBatch {
  #waiting: Flushable[] = [];
  readonly #options: { readonly now: () => number; readonly afterFlush: () => void };

  constructor(options: { readonly now: () => number; readonly afterFlush: () => void }) {
    this.#options = options;
  }

  add(member: Flushable): void {
    if (this.#waiting.push(member) === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const members = this.#waiting;
    this.#waiting = [];
    const nowMs = this.#options.now();
    for (const member of members) member.flush(nowMs);
    this.#options.afterFlush();
  };
}
