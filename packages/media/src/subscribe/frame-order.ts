import { frameDistance, nextFrameNumber } from "../frame-number.ts";
import type { ReceivedFrame } from "./reassembler.ts";

/** A key frame this much newer than the last frame begins a stream anew, whatever its number is. */
const RESTART_US = 1_000_000;

/** More than this is a stream that went on elsewhere, not a loss. */
const MAX_LOST = 10_000;

/**
 * Lets frames of one layer through in an order that a decoder understands: after a gap nothing until a key frame.
 * Packets of a layer come in order, so a frame that is passed over is lost, and waiting for it would only cost time.
 */
export class FrameOrder {
  #last: Pick<ReceivedFrame, "number" | "timestampUs"> | undefined;
  #needsKeyFrame = true;
  /** Numbers that never came. */
  framesLost = 0;

  /** When true, nothing passes until a key frame. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame;
  }

  /** "late": it came after a frame that follows it. "gap": a frame before it is missing. */
  push(frame: Pick<ReceivedFrame, "number" | "timestampUs" | "keyFrame">): "decode" | "late" | "gap" {
    const last = this.#last;
    const distance = last ? frameDistance(frame.number, last.number) : 1;
    const restarted = last && frame.keyFrame && frame.timestampUs - last.timestampUs > RESTART_US;
    if (distance <= 0 && !restarted) return "late";
    if (distance > 1 && distance <= MAX_LOST) this.framesLost += distance - 1;
    if (last && frame.number !== nextFrameNumber(last.number)) this.#needsKeyFrame = true;
    this.#last = frame;
    if (frame.keyFrame) this.#needsKeyFrame = false;
    return this.#needsKeyFrame ? "gap" : "decode";
  }

  /** A frame that had passed was not decoded. */
  breakOff(): void {
    this.#needsKeyFrame = true;
  }
}
