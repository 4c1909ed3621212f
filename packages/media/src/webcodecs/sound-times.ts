/** Stamps are rounded to microseconds. */
const ROUNDING_US = 1_000;

/** Frames inside a codec; there are never more than a few. */
const MAX_PENDING = 100;

interface Pending {
  readonly timestampUs: number;
  /** What a codec says that counts samples from its beginning. */
  readonly countedUs: number;
  /** How often the codec had been configured anew. */
  readonly configuration: number;
}

/**
 * The capture times of sound inside a codec. WebCodecs of Chromium stamp the first frame as it was given and count samples
 * from there on: after a gap, everything would be stamped too early for ever. Others hand times through.
 */
export class SoundTimes {
  #pending: Pending[] = [];
  #configuration = 0;
  #nextUs: number | undefined;

  /** A frame goes in. */
  begin(timestampUs: number, durationUs: number): void {
    const countedUs = this.#nextUs ?? timestampUs;
    this.#nextUs = countedUs + durationUs;
    this.#pending.push({ timestampUs, countedUs, configuration: this.#configuration });
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
  }

  /** The codec is configured anew, and begins to count anew. */
  restart(): void {
    this.#nextUs = undefined;
    this.#configuration++;
  }

  /**
   * A frame came out with this stamp. Its capture time; undefined for what never went in, the padding of a codec's end.
   * Frames come out in the order in which they went in, but for the last one before a codec was configured anew: that may
   * come after the first one thereafter.
   */
  end(stampUs: number): number | undefined {
    const index = this.#pending.findIndex(({ timestampUs, countedUs }) => {
      return Math.abs(countedUs - stampUs) < ROUNDING_US || Math.abs(timestampUs - stampUs) < ROUNDING_US;
    });
    const found = this.#pending[index];
    if (!found) return undefined;
    this.#pending = this.#pending.filter((each, i) => i > index || each.configuration < found.configuration);
    return found.timestampUs;
  }
}
