/** A cough or a "yes" is no turn to speak. */
const TURN_MS = 1_000;
/** Whoever has the large place keeps it at least this long. */
const KEEP_MS = 2_000;

/** Who has the large place of the speaker view: the one who speaks, and still does when others only put in a word. */
export class ActiveSpeaker {
  #current: string | undefined;
  #sinceMs = Number.NEGATIVE_INFINITY;
  readonly #speakingSinceMs = new Map<string, number>();

  /** Undefined before anybody has spoken and when nobody of `present` has. */
  update(
    present: readonly string[],
    { speaking, nowMs }: { readonly speaking: ReadonlySet<string>; readonly nowMs: number },
  ): string | undefined {
    this.#hear(speaking, nowMs);
    if (this.#current !== undefined && !present.includes(this.#current)) this.#current = undefined;
    const next = this.#longest(present);
    if (next === undefined) return this.#current;
    const hadTurn = nowMs - (this.#speakingSinceMs.get(next) ?? nowMs) >= TURN_MS;
    const isOver =
      this.#current === undefined || (!speaking.has(this.#current) && nowMs - this.#sinceMs >= KEEP_MS && hadTurn);
    if (isOver) {
      this.#current = next;
      this.#sinceMs = nowMs;
    }
    return this.#current;
  }

  #hear(speaking: ReadonlySet<string>, nowMs: number): void {
    for (const peer of this.#speakingSinceMs.keys()) if (!speaking.has(peer)) this.#speakingSinceMs.delete(peer);
    for (const peer of speaking) if (!this.#speakingSinceMs.has(peer)) this.#speakingSinceMs.set(peer, nowMs);
  }

  #longest(present: readonly string[]): string | undefined {
    const speakers = present.filter((peer) => this.#speakingSinceMs.has(peer));
    const sinceMs = (peer: string) => this.#speakingSinceMs.get(peer) ?? 0;
    return speakers.toSorted((a, b) => sinceMs(a) - sinceMs(b))[0];
  }
}
