import { chooseCodec } from "@mqtt-meet/media";
import type { VideoCodec } from "@mqtt-meet/protocol";

/** A better codec costs everybody a key frame and a new decoder: not for somebody who is back in a moment. */
const UPGRADE_AFTER_MS = 10_000;

/**
 * Which codec a video track has while people come and go: at once another when somebody cannot decode it, a better one
 * only when it has been possible for a while.
 */
export class CodecPolicy {
  #encodable: readonly VideoCodec[];
  #current: VideoCodec | undefined;
  #better: { readonly codec: VideoCodec; readonly sinceMs: number } | undefined;

  /** `encodable`: best first. */
  constructor(encodable: readonly VideoCodec[]) {
    this.#encodable = encodable;
  }

  /** Undefined when nothing can be encoded. */
  get current(): VideoCodec | undefined {
    return this.#current;
  }

  /** This machine turned out not to encode `codec`. */
  exclude(codec: VideoCodec): void {
    this.#encodable = this.#encodable.filter((candidate) => candidate !== codec);
    if (this.#current === codec) this.#current = undefined;
  }

  /** What to encode with now; `receivers`: what each of the others decodes. */
  choose(receivers: readonly (readonly VideoCodec[])[], nowMs: number): VideoCodec | undefined {
    const best = chooseCodec({ encodable: this.#encodable, receivers });
    if (best === this.#current || best === undefined) {
      this.#better = undefined;
      this.#current = best;
      return best;
    }
    if (this.#better?.codec !== best) this.#better = { codec: best, sinceMs: nowMs };
    const bearable = this.#current !== undefined && count(receivers, this.#current) >= count(receivers, best);
    if (!bearable || nowMs - this.#better.sinceMs >= UPGRADE_AFTER_MS) {
      this.#better = undefined;
      this.#current = best;
    }
    return this.#current;
  }
}

function count(receivers: readonly (readonly VideoCodec[])[], codec: VideoCodec): number {
  return receivers.filter((decodable) => decodable.includes(codec)).length;
}
