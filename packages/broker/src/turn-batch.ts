/** Something that has collected work in this turn of the event loop. */
export interface Flushable {
  /** Does not throw. `turnMs` is when the turn began. */
  flush(turnMs: number): void;
}

/**
 * Flushes everybody once, at the end of the turn of the event loop in which they were added: after all sockets that had
 * data have been read, and without a timer. However late that is, for instance because the process had to wait for a
 * processor, the time is that of the turn's first message: what came in this turn is not old.
 */
export class TurnBatch {
  #waiting: Flushable[] = [];
  #turnMs = 0;
  readonly #afterFlush: () => void;

  constructor(options: { readonly afterFlush: () => void }) {
    this.#afterFlush = options.afterFlush;
  }

  add(member: Flushable, nowMs: number): void {
    if (this.#waiting.push(member) > 1) return;
    this.#turnMs = nowMs;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const members = this.#waiting;
    this.#waiting = [];
    for (const member of members) member.flush(this.#turnMs);
    this.#afterFlush();
  };
}
