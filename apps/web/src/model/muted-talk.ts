/** Louder than a keyboard and a chair. */
const LOUD_LEVEL = 0.18;
/** So long in sum that it is a sentence and not a cough, within the last {@link WINDOW_MS}. */
const TALK_MS = 600;
const WINDOW_MS = 2_000;
/** Whoever talks to somebody beside them has read it once. */
const PAUSE_MS = 30_000;

/** Notices that somebody talks into a microphone that is off. */
export class MutedTalk {
  #loud: { readonly atMs: number; readonly lastedMs: number }[] = [];
  #lastMs: number | undefined;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  /** Whether it is time to say so; `level` is from 0 to 1, and this is called a few times a second. */
  hear(level: number, nowMs: number): boolean {
    const lastedMs = Math.min(nowMs - (this.#lastMs ?? nowMs), 500);
    this.#lastMs = nowMs;
    if (level >= LOUD_LEVEL) this.#loud.push({ atMs: nowMs, lastedMs });
    this.#loud = this.#loud.filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
    const sum = this.#loud.reduce((total, part) => total + part.lastedMs, 0);
    if (sum < TALK_MS || nowMs - this.#saidAtMs < PAUSE_MS) return false;
    this.#saidAtMs = nowMs;
    return true;
  }
}
