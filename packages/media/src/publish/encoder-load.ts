/** What became of the pictures that an encoder was to have, counted since the beginning. */
export interface EncoderLoad {
  readonly encoded: number;
  /** Not encoded, because the encoder had not finished others. */
  readonly behind: number;
}

/** A burst of something else is over after this; somebody who looks has not got used to it. */
const WINDOW_MS = 1_000;
/** With more left out of a window than this, the machine is too slow: a fifth is seen. */
const MAX_BEHIND = 0.2;
/** In so many windows one after the other. */
const WINDOWS = 2;

/** Whether a machine encodes what it is given in time. */
export class EncoderLoadMeter {
  #window: (EncoderLoad & { readonly sinceMs: number }) | undefined;
  #windowsBehind = 0;

  get overloaded(): boolean {
    return this.#windowsBehind >= WINDOWS;
  }

  /** To be called a few times a second. */
  observe({ encoded, behind }: EncoderLoad, nowMs: number): void {
    this.#window ??= { encoded, behind, sinceMs: nowMs };
    const { sinceMs } = this.#window;
    if (nowMs - sinceMs < WINDOW_MS) return;
    const skipped = behind - this.#window.behind;
    const all = skipped + encoded - this.#window.encoded;
    this.#windowsBehind = all > 0 && skipped > MAX_BEHIND * all ? this.#windowsBehind + 1 : 0;
    this.#window = { encoded, behind, sinceMs: nowMs };
  }

  /** Less is encoded now: what was seen before is over. */
  reset(): void {
    this.#window = undefined;
    this.#windowsBehind = 0;
  }
}
