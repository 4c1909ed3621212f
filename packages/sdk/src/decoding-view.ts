import { GrowthRate } from "./growth-rate.ts";

/** A watched track, as far as it tells of the decoders of this machine. */
export interface DecodedTrack {
  /** Since the beginning. */
  readonly framesDecoded: number;
  /** Of one picture, as it is now. */
  readonly framePx: number;
  /** How long the oldest picture has been inside its decoder. */
  readonly decoderQueueMs: number;
}

/** What the decoders of this machine do, all together. */
export class DecodingView {
  readonly #decoded = new GrowthRate();

  /** To be called a few times a second with all that is watched. */
  look(
    tracks: ReadonlyMap<string, DecodedTrack>,
    nowMs: number,
  ): { readonly decodedPxPerS: number; readonly queueMs: number | undefined } {
    let queueMs: number | undefined;
    for (const [key, { framesDecoded, framePx, decoderQueueMs }] of tracks) {
      const fresh = this.#decoded.count(key, framesDecoded, framePx);
      if (fresh > 0 || decoderQueueMs > 0) queueMs = Math.max(queueMs ?? 0, decoderQueueMs);
    }
    return { decodedPxPerS: this.#decoded.perSecond(tracks, nowMs), queueMs };
  }
}
