/** A rate is taken over so long. */
const WINDOW_MS = 1_000;

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
  readonly #known = new Map<string, number>();
  readonly #samples: { readonly atMs: number; readonly px: number }[] = [];
  #px = 0;

  /** To be called a few times a second with all that is watched. */
  look(
    tracks: ReadonlyMap<string, DecodedTrack>,
    nowMs: number,
  ): { readonly decodedPxPerS: number; readonly queueMs: number | undefined } {
    let queueMs: number | undefined;
    for (const [key, { framesDecoded, framePx, decoderQueueMs }] of tracks) {
      const fresh = Math.max(0, framesDecoded - (this.#known.get(key) ?? 0));
      this.#known.set(key, framesDecoded);
      this.#px += fresh * framePx;
      if (fresh > 0 || decoderQueueMs > 0) queueMs = Math.max(queueMs ?? 0, decoderQueueMs);
    }
    for (const key of this.#known.keys()) if (!tracks.has(key)) this.#known.delete(key);
    return { decodedPxPerS: this.#rate(nowMs), queueMs };
  }

  #rate(nowMs: number): number {
    this.#samples.push({ atMs: nowMs, px: this.#px });
    while ((this.#samples[1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) this.#samples.shift();
    const oldest = this.#samples[0] ?? { atMs: nowMs, px: this.#px };
    return nowMs > oldest.atMs ? (1000 * (this.#px - oldest.px)) / (nowMs - oldest.atMs) : 0;
  }
}
