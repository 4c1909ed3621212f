import type { EncodedFrame } from "../codec.ts";
import { frameDistance } from "../frame-number.ts";

type Kind = Pick<EncodedFrame, "keyFrame" | "discardable" | "between">;

/** Which of the frames that were sent each one needs (docs/protocol.md, F8). */
export class FrameNeeds {
  /** The newest frame that is not discardable. */
  #lower: number | undefined;
  /** The one between it and the next such; undefined where there is none, "lost" where it was not sent. */
  #between: number | "lost" | undefined;

  /** How far before frame `number` the newest one is that it needs: 1 for a key frame, infinite where that was not sent. */
  of({ keyFrame, discardable, between }: Kind, number: number): number {
    const needed = discardable && !between ? (this.#between ?? this.#lower) : this.#lower;
    if (needed === "lost") return Number.POSITIVE_INFINITY;
    return keyFrame || needed === undefined ? 1 : frameDistance(number, needed);
  }

  /** Frame `number` is sent. */
  sent({ discardable, between }: Kind, number: number): void {
    if (!discardable) {
      this.#lower = number;
      this.#between = undefined;
    } else if (between) this.#between = number;
  }

  /** A frame is not sent. */
  left(frame: Kind): void {
    if (frame.between) this.#between = "lost";
  }

  /** Frame `number`, which was to be sent, is lost. */
  lost(number: number): void {
    if (number === this.#between) this.#between = "lost";
  }
}
