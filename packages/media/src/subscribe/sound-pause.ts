import { samplesToUs } from "../sound.ts";

/** A sign that is later than announced by more than this was held up: where the sound is, is not known. */
const PATIENCE_US = 500_000;

/** Sound that its sender has left out as silence (docs/protocol.md, F9): where it is, while nothing comes and nothing is played. */
export class SoundPause {
  readonly #endUs: number;
  readonly #emptyBefore: number;
  #signedUs: number;
  #believedUs = Number.NEGATIVE_INFINITY;
  #taken = 0;

  /** `endUs`: capture time at which silence began; `emptyBefore`: what the sink had played for lack of sound until then. */
  constructor(begin: { readonly endUs: number; readonly emptyBefore: number }) {
    this.#endUs = begin.endUs;
    this.#emptyBefore = begin.emptyBefore;
    this.#signedUs = begin.endUs;
  }

  /** Capture time until which it is known to be silent. */
  get signedUs(): number {
    return this.#signedUs;
  }

  /** A frame that ends at `endUs` was the last of sound, or a sign that silence goes on. The next one follows within `pauseMs`. */
  goOn(sign: { readonly endUs: number; readonly nowUs: number; readonly pauseMs?: number | undefined }): void {
    this.#signedUs = sign.endUs;
    this.#believedUs = sign.nowUs + (sign.pauseMs ?? 0) * 1000 + PATIENCE_US;
  }

  /** Capture time of the silence that is heard now, given all the sink has played for lack of sound; undefined when nothing says so. */
  heardUs(emptySamples: number, nowUs: number): number | undefined {
    return nowUs > this.#believedUs ? undefined : this.#endUs + samplesToUs(emptySamples - this.#emptyBefore);
  }

  /** How many samples of silence were played since this was asked last, of which all but `unmeant` were meant. */
  takeSilence(emptySamples: number, { unmeant = 0 }: { readonly unmeant?: number } = {}): number {
    const silent = Math.max(0, emptySamples - this.#emptyBefore - unmeant - this.#taken);
    this.#taken += silent;
    return silent;
  }
}
