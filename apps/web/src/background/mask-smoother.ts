/**
 * What of the masks before counts after a 30th of a second: edges do not flicker, and a hand that moves leaves no trail,
 * neither where masks come seldom.
 */
const KEPT = 0.3;
const KEPT_PER_US = 1_000_000 / 30;
/** Less likely than this is background, with nothing of the room shining through; more likely than that is the person. */
const SURELY_NOT = 0.3;
const SURELY = 0.75;

/** Makes masks of one picture after the other into soft and steady ones. */
export class MaskSmoother {
  #likely = new Float32Array(0);
  #lastUs = 0;

  /** The opacity of the person, 0 to 255, of each pixel. `mask` is how likely each is the person, 0 to 255, at `timestampUs`. */
  smooth(mask: Uint8Array, timestampUs: number): Uint8ClampedArray {
    const newest = 1 - KEPT ** (Math.max(0, timestampUs - this.#lastUs) / KEPT_PER_US);
    this.#lastUs = timestampUs;
    const isFirst = this.#likely.length !== mask.length;
    if (isFirst) this.#likely = Float32Array.from(mask);
    const likely = this.#likely;
    const opacity = new Uint8ClampedArray(mask.length);
    for (let i = 0; i < mask.length; i++) {
      const before = likely[i] ?? 0;
      const now = before + ((mask[i] ?? 0) - before) * newest;
      likely[i] = now;
      opacity[i] = 255 * softStep((now / 255 - SURELY_NOT) / (SURELY - SURELY_NOT));
    }
    return opacity;
  }
}

/** 0 below 0, 1 above 1, and without a corner between. */
function softStep(x: number): number {
  const inside = Math.max(0, Math.min(1, x));
  return inside * inside * (3 - 2 * inside);
}
