/** Stamps are rounded to microseconds. */
const ROUNDING_US = 1_000;

/** A codec may take off what it looks ahead: Opus 6.5 ms. Of a shorter frame, so much of it that it is not taken for the one before. */
const LOOK_AHEAD = { mostUs: 10_000, part: 0.7 } as const;

/** Frames inside a codec; there are never more than a few. */
const MAX_PENDING = 100;

/** Between what a codec is given before and after it is configured anew: what it pads its end with falls into it. */
const RESTART_GAP_US = 1_000_000;

interface Pending {
  readonly timestampUs: number;
  /** From when to when the codec may stamp what comes out. */
  readonly fromUs: number;
  readonly toUs: number;
  /** How often the codec had been configured anew. */
  readonly configuration: number;
}

/**
 * The capture times of sound inside a codec. Encoders of WebCodecs stamp the first frame as it was given and count samples
 * from there on: after a gap, everything would be stamped too early for ever. Firefox's also takes off what Opus looks
 * ahead, and stamps every frame alike when it is given times of the present age. So codecs are told the time since their
 * beginning, without gaps, and what comes out is told apart by that.
 */
export class SoundTimes {
  #pending: Pending[] = [];
  #configuration = 0;
  #nextUs = 0;

  /** A frame goes in. The stamp to give it. */
  begin(timestampUs: number, durationUs: number): number {
    const stampUs = this.#nextUs;
    this.#nextUs += durationUs;
    const fromUs = stampUs - Math.max(ROUNDING_US, Math.min(LOOK_AHEAD.mostUs, durationUs * LOOK_AHEAD.part));
    const toUs = stampUs + Math.max(ROUNDING_US, durationUs * (1 - LOOK_AHEAD.part));
    this.#pending.push({ timestampUs, fromUs, toUs, configuration: this.#configuration });
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
    return stampUs;
  }

  /** The codec is configured anew, and begins to count anew. */
  restart(): void {
    this.#nextUs += RESTART_GAP_US;
    this.#configuration++;
  }

  /**
   * A frame came out with this stamp. Its capture time; undefined for what never went in, the padding of a codec's end.
   * Frames come out in the order in which they went in, but for the last one before a codec was configured anew: that may
   * come after the first one thereafter.
   */
  end(stampUs: number): number | undefined {
    const index = this.#pending.findIndex(({ fromUs, toUs }) => stampUs > fromUs && stampUs < toUs);
    const found = this.#pending[index];
    if (!found) return undefined;
    this.#pending = this.#pending.filter((each, i) => i > index || each.configuration < found.configuration);
    return found.timestampUs;
  }
}
