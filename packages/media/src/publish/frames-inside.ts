/** Frames inside the encoder; above it, the oldest are forgotten. */
const MAX_FRAMES = 50;

/** Encoders round times. */
const ROUNDING_US = 1_000;

/** What is to be said of a frame of sound once it is encoded. */
export interface SoundNote {
  /** As in docs/protocol.md, F4. */
  readonly levelDbov: number;
  /** As in docs/protocol.md, F9. */
  readonly pauseMs?: number;
}

/** Remembers what is to be said of the frames that are inside the encoder, by their capture times. */
export class FramesInside {
  readonly #notes = new Map<number, SoundNote>();

  begin(timestampUs: number, note: SoundNote): void {
    this.#notes.set(Math.floor(timestampUs), note);
    if (this.#notes.size <= MAX_FRAMES) return;
    const [oldest] = this.#notes.keys();
    if (oldest !== undefined) this.#notes.delete(oldest);
  }

  /** The frame captured at `timestampUs` came out. Those before it never will. Undefined when nothing is known of it. */
  end(timestampUs: number): SoundNote | undefined {
    let found: SoundNote | undefined;
    for (const [capturedUs, note] of this.#notes) {
      if (capturedUs > timestampUs + ROUNDING_US) break;
      found = note;
      this.#notes.delete(capturedUs);
    }
    return found;
  }

  clear(): void {
    this.#notes.clear();
  }
}
