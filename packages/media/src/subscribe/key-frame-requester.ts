/** The publisher answers no more often (docs/protocol.md, R2). */
const MIN_INTERVAL_MS = 500;

/** A request or its answer may be lost. */
const REPEAT_INTERVAL_MS = 1_000;

/** A source that sends nothing at first, such as a screen that stands still, is asked after this. */
const SILENCE_MS = 250;

/**
 * A source that stands still is sent again every two seconds. When nothing has come for so long, a broker may have left out
 * all up to a key frame for us: we have to ask for it. Twice as long each time, because the source may be muted.
 */
const LOST_MS = 5_000;

/** Decides when to ask the publisher of a layer for a key frame. */
export class KeyFrameRequester {
  readonly #createdMs: number;
  #askedMs: number | undefined;
  /** Whether the last request was for the gap there is now. */
  #asked = false;
  #receivedMs: number | undefined;
  #lostMs = LOST_MS;

  constructor(options: { readonly nowMs: number }) {
    this.#createdMs = options.nowMs;
  }

  /** Something of the layer came. */
  received(nowMs: number): void {
    this.#receivedMs = nowMs;
    this.#lostMs = LOST_MS;
  }

  /**
   * Whether to ask now. `receiving`: something of the layer came, so the subscription is there and an answer will not
   * be missed.
   */
  ask(nowMs: number, state: { readonly needed: boolean; readonly receiving: boolean }): boolean {
    if (!state.needed) {
      this.#asked = false;
      return this.#isLost(nowMs);
    }
    if (!state.receiving && nowMs - this.#createdMs < SILENCE_MS) return false;
    const waitMs = this.#asked ? REPEAT_INTERVAL_MS : MIN_INTERVAL_MS;
    if (this.#askedMs !== undefined && nowMs - this.#askedMs < waitMs) return false;
    this.#askedMs = nowMs;
    this.#asked = true;
    return true;
  }

  #isLost(nowMs: number): boolean {
    if (this.#receivedMs === undefined || nowMs - this.#receivedMs < this.#lostMs) return false;
    this.#lostMs *= 2;
    this.#askedMs = nowMs;
    return true;
  }
}
