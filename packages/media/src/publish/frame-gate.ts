import type { EncodedFrame } from "../codec.ts";

/**
 * Chooses the encoded frames of one layer that are sent. A delta frame cannot be decoded without the frame before it,
 * so after a frame that was lost on the way nothing passes until a key frame. Only frames that no other needs are
 * dropped for congestion: a key frame to replace any other would cost more than it spares.
 */
export class FrameGate {
  #needsKeyFrame = true;

  /** When true, the owner asks its encoder for a key frame. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame;
  }

  /** Whether to send `frame`, given the connection just before it. */
  admit(frame: Pick<EncodedFrame, "keyFrame" | "discardable">, state: { readonly congested: boolean }): boolean {
    if (frame.keyFrame) this.#needsKeyFrame = false;
    return !this.#needsKeyFrame && !(state.congested && frame.discardable);
  }

  /** An admitted frame did not leave whole, or its encoder is gone. */
  shut(): void {
    this.#needsKeyFrame = true;
  }
}
