/** What was late on one connection is over when nothing waited for longer than the first, for as long as the second. */
const WAIT_MS = 120;
const CALM_FOR_MS = 1_000;
/** A line on which something always waits is not going to be a better one. */
const PATIENCE_MS = 10_000;

/** Sees when a line settles whose traffic was spread over several connections: until then comes what was late before. No clock of its own. */
export class Settling {
  readonly #beganMs: number;
  #waitedMs: number;

  constructor(nowMs: number) {
    this.#beganMs = nowMs;
    this.#waitedMs = nowMs;
  }

  /** To be called a few times a second until it has settled or is given up. `waitMs`: what waits now on the worst of the ways. */
  look(waitMs: number, nowMs: number): "unsettled" | "settled" | "given-up" {
    if (waitMs > WAIT_MS) this.#waitedMs = nowMs;
    if (nowMs - this.#waitedMs >= CALM_FOR_MS) return "settled";
    return nowMs - this.#beganMs < PATIENCE_MS ? "unsettled" : "given-up";
  }
}
