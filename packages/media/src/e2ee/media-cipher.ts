import type { FrameOpener, FrameSealer } from "./frame-cipher.ts";
import type { KeyRing } from "./key-ring.ts";
import { type OpenResult, StreamOpener } from "./stream-opener.ts";
import { StreamSealer } from "./stream-sealer.ts";

/** Nothing is wrong with a track that was not seen to fail for this long. */
const TROUBLE_MEMORY_MS = 3_000;
/** Above it, the oldest are forgotten. */
const MAX_TROUBLES = 512;

/** Why a track is not shown. */
export type TrackTrouble = Exclude<OpenResult, "opened">;

/** Encrypts and decrypts the media of a room with the keys of its ring. */
export class MediaCipher {
  readonly #ring: KeyRing;
  readonly #prefix: string;
  readonly #nowMs: () => number;
  readonly #openers = new Set<StreamOpener>();
  readonly #troubles = new Map<string, { readonly trouble: TrackTrouble; readonly atMs: number }>();

  /** `prefix`: `mm/1/<room>/`. */
  constructor(options: { readonly ring: KeyRing; readonly prefix: string; readonly nowMs: () => number }) {
    this.#ring = options.ring;
    this.#prefix = options.prefix;
    this.#nowMs = options.nowMs;
  }

  sealer(topic: string): FrameSealer {
    return new StreamSealer({ ring: this.#ring, stream: topic.slice(this.#prefix.length), nowMs: this.#nowMs });
  }

  opener({ signal }: { readonly signal: AbortSignal }): FrameOpener {
    const opener = new StreamOpener({
      ring: this.#ring,
      prefix: this.#prefix,
      nowMs: this.#nowMs,
      onResult: (stream, result) => this.#note(stream, result),
    });
    this.#openers.add(opener);
    signal.addEventListener("abort", () => this.#openers.delete(opener), { once: true });
    return opener;
  }

  /** There is another key, or time has passed. */
  retry(): void {
    for (const opener of this.#openers) opener.retry();
  }

  /** The tracks that cannot be shown, by `peer/track`, and why. */
  troubles(): ReadonlyMap<string, TrackTrouble> {
    const nowMs = this.#nowMs();
    const current = new Map<string, TrackTrouble>();
    for (const [track, { trouble, atMs }] of this.#troubles) {
      if (nowMs - atMs > TROUBLE_MEMORY_MS) this.#troubles.delete(track);
      else current.set(track, trouble);
    }
    return current;
  }

  #note(stream: string, result: OpenResult): void {
    if (result === "opened" && this.#troubles.size === 0) return;
    const [peer, , track] = stream.split("/");
    const key = `${peer}/${track}`;
    this.#troubles.delete(key);
    if (result === "opened") return;
    this.#troubles.set(key, { trouble: result, atMs: this.#nowMs() });
    if (this.#troubles.size > MAX_TROUBLES) {
      for (const oldest of [...this.#troubles.keys()].slice(0, 1)) this.#troubles.delete(oldest);
    }
  }
}
