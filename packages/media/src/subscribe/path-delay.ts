import { MinimumWindow } from "../minimum-window.ts";

/** Who was silent for so long was suspended, or came back on another connection: no queue outlives that. */
const SILENCE_US = 10_000_000;

/**
 * What the way itself takes: the smallest of the differences between arrival and capture that were seen in a window, which contains how
 * the two clocks differ. A sender's clock that stood still while its machine was suspended makes everything later by as
 * much; that is no queue, and the way is measured anew.
 */
export class PathDelay {
  readonly #window: MinimumWindow;
  #lastUs = Number.NaN;

  /** `windowUs`: how long an empty way is remembered, in microseconds. */
  constructor(options: { readonly windowUs: number }) {
    this.#window = new MinimumWindow(options);
  }

  /** Undefined before anything came. */
  get minimumUs(): number | undefined {
    return this.#window.minimum;
  }

  /** Something is here `delayUs` after its capture, by two clocks. Returns how much later that is than the fastest. */
  observe(delayUs: number, nowUs: number): number {
    const silenceUs = nowUs - this.#lastUs;
    this.#lastUs = nowUs;
    const laterUs = delayUs - (this.#window.minimum ?? delayUs);
    if (silenceUs > SILENCE_US && laterUs > silenceUs / 2) this.#window.reset();
    this.#window.push(delayUs, nowUs);
    return delayUs - (this.#window.minimum ?? delayUs);
  }
}
