/** Louder than breath and keyboards. */
const LOUD_LEVEL = 0.12;
/** A ring that goes out between two words flickers. */
const HOLD_MS = 700;

/** Who speaks: those who are loud, and were a moment ago. */
export class Speaking {
  readonly #loudAtMs = new Map<string, number>();
  #now: ReadonlySet<string> = new Set();

  /** The same set as before when nothing changed. */
  update(levels: ReadonlyMap<string, number>, nowMs: number): ReadonlySet<string> {
    for (const [peer, level] of levels) if (level >= LOUD_LEVEL) this.#loudAtMs.set(peer, nowMs);
    for (const [peer, atMs] of this.#loudAtMs) if (nowMs - atMs > HOLD_MS) this.#loudAtMs.delete(peer);
    const isSame = this.#loudAtMs.size === this.#now.size && [...this.#now].every((peer) => this.#loudAtMs.has(peer));
    if (!isSame) this.#now = new Set(this.#loudAtMs.keys());
    return this.#now;
  }
}
