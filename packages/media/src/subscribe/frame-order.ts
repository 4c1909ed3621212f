import { frameDistance } from "../frame-number.ts";
import type { ReceivedFrame } from "./reassembler.ts";

/** A key frame this much newer than the last frame begins a stream anew, whatever its number is. */
const RESTART_US = 1_000_000;

/** More than this is a stream that went on elsewhere, not a loss. */
const MAX_LOST = 10_000;

/** What is to be known of a frame. */
export interface OrderedFrame extends Pick<ReceivedFrame, "number" | "timestampUs" | "keyFrame"> {
  readonly discardable?: boolean;
  /** The newest frame that this one needs has a number smaller by so many (docs/protocol.md, F8); 1 when left out. */
  readonly needs?: number | undefined;
}

/**
 * Lets frames of one layer through in an order that a decoder understands: after a gap nothing until a key frame, unless what is
 * missing is known to be needed by no other. Packets of a layer come in order, so a frame that is passed over is lost,
 * and waiting for it would only cost time.
 */
export class FrameOrder {
  #last: OrderedFrame | undefined;
  /** The newest frame that passed and that others may need. */
  #base: number | undefined;
  #needsKeyFrame = true;
  /** Numbers that never came, but for those that no other frame needed. */
  framesLost = 0;

  /** When true, nothing passes until a key frame. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame;
  }

  /** "late": it came after a frame that follows it. "gap": a frame that it needs is missing. */
  push(frame: OrderedFrame): "decode" | "late" | "gap" {
    const last = this.#last;
    const distance = last ? frameDistance(frame.number, last.number) : 1;
    const restarted = last && frame.keyFrame && frame.timestampUs - last.timestampUs > RESTART_US;
    if (distance <= 0 && !restarted) return "late";
    const whole = frame.keyFrame || this.#hasWhatItNeeds(frame, distance);
    // What it needs may still come, on another topic; if not, the next frame that is needed itself shows it.
    if (!whole && frame.discardable) return "gap";
    const lost = frame.keyFrame || !whole ? distance - 1 : 0;
    if (lost > 0 && lost < MAX_LOST) this.framesLost += lost;
    this.#pass(frame, { whole });
    return whole ? "decode" : "gap";
  }

  /** A frame that had passed was not decoded. */
  breakOff(): void {
    this.#needsKeyFrame = true;
  }

  #pass(frame: OrderedFrame, { whole }: { readonly whole: boolean }): void {
    this.#last = frame;
    this.#needsKeyFrame = !whole;
    if (whole && !frame.discardable) this.#base = frame.number;
  }

  #hasWhatItNeeds({ number, needs = 1 }: OrderedFrame, distance: number): boolean {
    if (this.#needsKeyFrame || this.#last === undefined) return false;
    return distance === 1 || (this.#base !== undefined && frameDistance(number, this.#base) === needs);
  }
}
