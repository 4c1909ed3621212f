import type { FrameSealer, SealedFrameHeader } from "./frame-cipher.ts";
import type { SealContext } from "./key-context.ts";
import type { KeyRing } from "./key-ring.ts";
import { OrderedResults } from "./ordered-results.ts";

/** A new epoch begins with a key frame, or one that no other needs; so long a stream may go on with the one before. */
const MAX_OVERHANG_MS = 1_000;

/** Frames inside WebCrypto. It answers within a millisecond; where it does not, frames had better be dropped. */
const MAX_PENDING = 32;

/** Encrypts one stream of ours with the room's newest epoch. */
export class StreamSealer implements FrameSealer {
  readonly #ring: KeyRing;
  readonly #stream: string;
  readonly #nowMs: () => number;
  readonly #results = new OrderedResults<Uint8Array>();
  #epoch: string | undefined;

  constructor(options: { readonly ring: KeyRing; readonly stream: string; readonly nowMs: () => number }) {
    this.#ring = options.ring;
    this.#stream = options.stream;
    this.#nowMs = options.nowMs;
  }

  seal(header: SealedFrameHeader, body: Uint8Array, onSealed: (sealed: Uint8Array | undefined) => void): boolean {
    if (this.#results.size >= MAX_PENDING) return false;
    const { keyFrame, discardable, number: frame, timestampUs } = header;
    const work = this.#context({ begins: keyFrame || discardable })?.seal(
      { keyFrame, discardable, frame, timestampUs, rootKeyed: false, will: false },
      body,
    );
    if (work === undefined) return false;
    this.#results.push(work, onSealed);
    return true;
  }

  #context({ begins }: { readonly begins: boolean }): SealContext | undefined {
    const { sending, sendingSinceMs } = this.#ring;
    if (sending === undefined) return undefined;
    if (sending !== this.#epoch) {
      if (begins) this.#epoch = sending;
      else if (this.#epoch === undefined || this.#nowMs() - sendingSinceMs > MAX_OVERHANG_MS) return undefined;
    }
    return this.#ring.sealing(this.#stream, { epoch: this.#epoch ?? sending });
  }
}
