/** What a {@link JitterBuffer} holds at least of a frame. */
export interface HeldFrame {
  readonly keyFrame: boolean;
  readonly timestampUs: number;
  readonly body: Uint8Array;
}

/** Four seconds at 60 fps, or what a second at 100 Mbit/s brings: more is never waited for. */
const LIMITS = { maxFrames: 240, maxBytes: 12 * 1024 * 1024 };

/** Frames so late are passed over when a key frame after them is late too. */
const JUMP_US = 1_000_000;

/**
 * Encoded frames that wait, in decoding order. At a bound nothing more is taken: the owner clears it and begins again
 * with a key frame, because a frame in the middle cannot be left out.
 */
export class JitterBuffer<F extends HeldFrame> {
  readonly #limits: typeof LIMITS;
  readonly #frames: F[] = [];
  #sizeBytes = 0;
  /** Frames that were passed over to catch up. */
  framesJumped = 0;

  constructor(limits: Partial<typeof LIMITS> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  get length(): number {
    return this.#frames.length;
  }

  /** The frame that leaves next. */
  get head(): F | undefined {
    return this.#frames[0];
  }

  /** False when it is full. */
  push(frame: F): boolean {
    if (this.#frames.length >= this.#limits.maxFrames) return false;
    if (this.#sizeBytes + frame.body.length > this.#limits.maxBytes) return false;
    this.#frames.push(frame);
    this.#sizeBytes += frame.body.length;
    return true;
  }

  /** The next frame if it was captured until `dueUs`. What is a second behind is jumped over where that is possible. */
  take(dueUs: number): F | undefined {
    const { head } = this;
    if (!head || head.timestampUs > dueUs) return undefined;
    if (head.timestampUs < dueUs - JUMP_US) this.#jump(dueUs);
    const frame = this.#frames.shift();
    this.#sizeBytes -= frame?.body.length ?? 0;
    return frame;
  }

  /** Throws everything away and says how many frames that were. */
  clear(): number {
    this.#sizeBytes = 0;
    return this.#frames.splice(0).length;
  }

  #jump(dueUs: number): void {
    const target = this.#frames.findLastIndex((frame) => frame.keyFrame && frame.timestampUs <= dueUs);
    if (target <= 0) return;
    for (const frame of this.#frames.splice(0, target)) this.#sizeBytes -= frame.body.length;
    this.framesJumped += target;
  }
}
