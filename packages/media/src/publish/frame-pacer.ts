/** A source that is a little faster than asked for (30.3 instead of 30 fps) passes whole. */
const TOLERATED_EXCESS = 1.05;

/** A picture may come almost half an interval early, but every second one of a source twice as fast is left out. */
const ENOUGH = 0.55;

/** Leaves pictures out so that a frame rate is kept. Even sources stay even. */
export class FramePacer {
  readonly #framesPerUs: number;
  #lastUs: number | undefined;
  /** In pictures; never above one, so no burst follows a pause. */
  #credit = 1;

  constructor(options: { readonly frameRate: number }) {
    this.#framesPerUs = (options.frameRate * TOLERATED_EXCESS) / 1e6;
  }

  /** Whether to take the picture captured at `timestampUs`. */
  admit(timestampUs: number): boolean {
    const elapsedUs = Math.max(0, timestampUs - (this.#lastUs ?? timestampUs));
    this.#lastUs = timestampUs;
    this.#credit = Math.min(1, this.#credit + elapsedUs * this.#framesPerUs);
    if (this.#credit < ENOUGH) return false;
    this.#credit -= 1;
    return true;
  }
}
