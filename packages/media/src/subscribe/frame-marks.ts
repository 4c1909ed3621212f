/** What a frame of sound tells of what is around it. */
export interface FrameMark {
  /** Frames before it are missing. */
  readonly lost: boolean;
  /** As in docs/protocol.md, F9. */
  readonly pauseMs: number | undefined;
}

/** Nothing is to be told of most frames. */
const PLAIN: FrameMark = { lost: false, pauseMs: undefined };

/** Frames inside a decoder that something is to be told of; above it, the oldest are forgotten. */
const MAX_MARKS = 50;

/** Decoders round times. */
const ROUNDING_US = 1_000;

interface Marked extends FrameMark {
  readonly fromUs: number;
  readonly untilUs: number;
  /** Sound before which frames are missing comes once. */
  lost: boolean;
}

/** Remembers what is known of the frames that are inside a decoder, which may hand out one of them in several blocks. */
export class FrameMarks {
  readonly #marked: Marked[] = [];

  begin(frame: { readonly timestampUs: number; readonly durationUs: number }, mark: FrameMark): void {
    const { timestampUs: fromUs, durationUs } = frame;
    if (!mark.lost && mark.pauseMs === undefined) return;
    this.#marked.push({ ...mark, fromUs, untilUs: fromUs + durationUs });
    if (this.#marked.length > MAX_MARKS) this.#marked.shift();
  }

  /** What is known of a block that was captured at `timestampUs`. Frames before it will not come any more. */
  at(timestampUs: number): FrameMark {
    let lost = false;
    for (let [mark] = this.#marked; mark && mark.fromUs <= timestampUs + ROUNDING_US; [mark] = this.#marked) {
      lost ||= mark.lost;
      mark.lost = false;
      if (mark.pauseMs !== undefined && timestampUs < mark.untilUs - ROUNDING_US)
        return { lost, pauseMs: mark.pauseMs };
      this.#marked.shift();
    }
    return lost ? { lost, pauseMs: undefined } : PLAIN;
  }
}
