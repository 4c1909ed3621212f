/** For viewers that cannot ask, such as a tool of somebody's on an open topic. At 1.5 Mbit/s it costs about 5 % of the bits. */
const UNASKED_INTERVAL_MS = 5_000;

/**
 * Where all ask, and for pages of text. On a line that loses packets, a key frame holds up what comes behind it by half a second: TCP's window
 * is of a few packets there. A page of text takes 310 kB in 1080 lines (H.264 in Chromium), a hundred times what stands
 * still takes otherwise: every five seconds, that alone would fill a line of half a megabit.
 */
const ASKED_INTERVAL_MS = 30_000;

/** In the long run, one request in this time is answered, however many ask (docs/protocol.md, R2). */
const REQUEST_INTERVAL_MS = 500;

/** So many are answered at once where nobody asked for a while: of people who come to a meeting one after another none has to wait. */
const REQUESTS_IN_A_ROW = 3;

/** Viewers that join together are served by one key frame. Nor do epochs follow each other faster: joins within this time share one (docs/protocol.md, E7). */
const BREAK_INTERVAL_MS = 100;

/** While nothing reaches the connection, one picture in this time is encoded to try again. */
const RETRY_INTERVAL_MS = 200;

/** An encoder that has not delivered a key frame after this will not. */
const MAX_PENDING_MS = 1_000;

/** Decides which pictures of one layer become key frames. */
export class KeyFrameSchedule {
  readonly #intervalMs: number;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Of the last key frame that somebody had asked for: only such a one makes the next request wait. */
  #answeredMs = Number.NEGATIVE_INFINITY;
  /** Requests that could be answered then without waiting. */
  #spare = REQUESTS_IN_A_ROW;
  #requested = false;
  #breakDue = false;
  #pending = false;

  /** `allAsk`: who can read this layer at all asks for what it lacks (docs/protocol.md, R2). */
  constructor(content: "motion" | "detail", { allAsk = false }: { readonly allAsk?: boolean } = {}) {
    this.#intervalMs = allAsk || content === "detail" ? ASKED_INTERVAL_MS : UNASKED_INTERVAL_MS;
  }

  /** When a key frame was last asked of the encoder; minus infinity before the first. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** Somebody asked and has not been answered. */
  get requested(): boolean {
    return this.#requested;
  }

  /** Somebody needs a key frame. */
  request(): void {
    this.#requested = true;
  }

  /** What follows is encrypted with another key, or sent on another connection: it begins with a key frame. */
  break(): void {
    this.#breakDue = true;
  }

  /**
   * What to do with the next picture. "wait": a delta frame could not be sent, and it is too early for a key frame.
   * `needed`: nothing but a key frame can be sent.
   */
  next(nowMs: number, state: { readonly needed: boolean }): "key" | "delta" | "wait" {
    const sinceMs = nowMs - this.#lastMs;
    const pending = this.#pending && sinceMs < MAX_PENDING_MS;
    if (state.needed && !pending) return sinceMs >= RETRY_INTERVAL_MS ? "key" : "wait";
    const answerDue = this.#requested && nowMs - this.#answeredMs >= BREAK_INTERVAL_MS && this.#spareAt(nowMs) >= 1;
    const due = answerDue || (this.#breakDue && sinceMs >= BREAK_INTERVAL_MS) || sinceMs >= this.#intervalMs;
    return due ? "key" : "delta";
  }

  /** A key frame was asked of the encoder. */
  begin(nowMs: number): void {
    this.#answer(nowMs);
    this.#pending = true;
  }

  /** A key frame left the encoder. False when nobody had asked the encoder for it: it serves as well as another. */
  end(nowMs: number): boolean {
    const asked = this.#pending;
    this.#pending = false;
    if (!asked) this.#answer(nowMs);
    return asked;
  }

  /** The stream begins anew: the next picture may be a key frame at once. */
  reset(): void {
    this.#lastMs = Number.NEGATIVE_INFINITY;
    this.#answeredMs = Number.NEGATIVE_INFINITY;
    this.#pending = false;
  }

  #spareAt(nowMs: number): number {
    return Math.min(REQUESTS_IN_A_ROW, this.#spare + (nowMs - this.#answeredMs) / REQUEST_INTERVAL_MS);
  }

  /** All who wait for a key frame have one. */
  #answer(nowMs: number): void {
    this.#lastMs = nowMs;
    if (this.#requested) {
      this.#spare = Math.max(0, this.#spareAt(nowMs) - 1);
      this.#answeredMs = nowMs;
    }
    this.#requested = false;
    this.#breakDue = false;
  }
}
