/** A change of less is not worth a key frame. */
const MIN_CHANGE = 0.25;
/** A lower bitrate is urgent: the line is full. */
const MIN_INTERVAL_DOWN_MS = 1_000;
/** A higher one can wait. */
const MIN_INTERVAL_UP_MS = 5_000;

/** Decides when an encoder takes a new bitrate that it takes only by being opened again, at the price of a key frame. */
export class ReopenPolicy {
  #currentBps: number;
  #wantedBps: number;
  #changedAtMs = Number.NEGATIVE_INFINITY;

  constructor(bitrateBps: number) {
    this.#currentBps = bitrateBps;
    this.#wantedBps = bitrateBps;
  }

  want(bitrateBps: number): void {
    this.#wantedBps = Math.max(1, Math.round(bitrateBps));
  }

  /** Asked before each picture. `free`: a change costs nothing now. Returns the bitrate to change to, if any. */
  take({ free, nowMs }: { readonly free: boolean; readonly nowMs: number }): number | undefined {
    if (this.#wantedBps === this.#currentBps) return undefined;
    if (!free && !this.#worthIt(nowMs)) return undefined;
    this.#currentBps = this.#wantedBps;
    this.#changedAtMs = nowMs;
    return this.#currentBps;
  }

  #worthIt(nowMs: number): boolean {
    const change = this.#wantedBps / this.#currentBps - 1;
    if (Math.abs(change) < MIN_CHANGE) return false;
    return nowMs - this.#changedAtMs >= (change < 0 ? MIN_INTERVAL_DOWN_MS : MIN_INTERVAL_UP_MS);
  }
}
