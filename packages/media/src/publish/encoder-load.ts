/** What became of the pictures that an encoder was to have, counted since the beginning. */
export interface EncoderLoad {
  readonly encoded: number;
  /** Not encoded, because the encoder had not finished others. */
  readonly behind: number;
}

/** A burst of something else is over after this; somebody who looks has not got used to it. */
const WINDOW_MS = 1_000;
/** With more left out of a window than this, the machine is too slow: nine of thirty pictures are seen to be missing. */
const MAX_BEHIND = 0.3;
/** In so many windows one after the other. */
const WINDOWS = 3;

/** Whether a machine encodes what it is given in time. */
export class EncoderLoadMeter {
  #window: (EncoderLoad & { readonly sinceMs: number }) | undefined;
  #windowsBehind = 0;
  #behind = 0;

  /** The part of the last second's pictures that was left out, 0 to 1. */
  get behind(): number {
    return this.#behind;
  }

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
    this.#behind = all > 0 ? skipped / all : 0;
    this.#windowsBehind = this.#behind > MAX_BEHIND ? this.#windowsBehind + 1 : 0;
    this.#window = { encoded, behind, sinceMs: nowMs };
  }

  /** Less is encoded now: what was seen before is over. */
  reset(): void {
    this.#window = undefined;
    this.#windowsBehind = 0;
  }
}
