import { frameDistance } from "../frame-number.ts";

/** What a {@link JitterBuffer} holds at least of a frame. */
export interface HeldFrame {
  readonly number: number;
  readonly keyFrame: boolean;
  /** No other frame needs it. */
  readonly discardable: boolean;
  /** As in {@link OrderedFrame.needs}. */
  readonly needs?: number | undefined;
  readonly timestampUs: number;
  readonly body: Uint8Array;
}

/** Four seconds at 60 fps, or what a second at 100 Mbit/s brings: more is never waited for. */
const LIMITS = { maxFrames: 240, maxBytes: 12 * 1024 * 1024 };

/** Frames so late are passed over when a key frame after them is late too. */
const JUMP_US = 1_000_000;

/** Numbers further apart are of a stream that began anew, and tell no order. */
const MAX_APART = 1_000;

/**
 * Encoded frames that wait, in decoding order. Those that others need come in that order; those that none needs have a way of their own
 * (docs/protocol.md, P10) and may come before what they need, or after a newer frame: they are put where they belong, and left out
 * when their turn is over. At a bound nothing more is taken: the owner clears it and begins again with a key frame, because a frame in the
 * middle cannot be left out.
 */
export class JitterBuffer<F extends HeldFrame> {
  readonly #limits: typeof LIMITS;
  readonly #frames: F[] = [];
  #sizeBytes = 0;
  /** Number of the frame that left last, and of the last of them that others need. */
  #left: { readonly last: number; readonly base: number } | undefined;
  /** Frames that were passed over to catch up. */
  framesJumped = 0;
  /** Frames that no other needs, and that came too late, twice, or without what they need. */
  framesUnused = 0;

  constructor(limits: Partial<typeof LIMITS> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  get framesDropped(): number {
    return this.framesJumped + this.framesUnused;
  }

  get length(): number {
    return this.#frames.length;
  }

  /** The frame that leaves next; what it needs has left. */
  get head(): F | undefined {
    return this.#frames.find((frame) => this.#isReady(frame));
  }

  /** False when it is full. */
  push(frame: F): boolean {
    if (this.#frames.length >= this.#limits.maxFrames) return false;
    if (this.#sizeBytes + frame.body.length > this.#limits.maxBytes) return false;
    const place = this.#place(frame);
    if (place === undefined) {
      this.framesUnused++;
      return true;
    }
    this.#frames.splice(place, 0, frame);
    this.#sizeBytes += frame.body.length;
    return true;
  }

  /** The next frame if it was captured until `dueUs`. What is a second behind is jumped over where that is possible. */
  take(dueUs: number): F | undefined {
    const { head } = this;
    if (!head || head.timestampUs > dueUs) return undefined;
    if (head.timestampUs < dueUs - JUMP_US) this.#jump(dueUs);
    const index = this.#frames.findIndex((frame) => this.#isReady(frame));
    this.framesUnused += Math.max(0, index);
    const frame = this.#drop(index + 1);
    if (frame) this.#left = { last: frame.number, base: frame.discardable ? (this.#left?.base ?? 0) : frame.number };
    return frame;
  }

  /** Throws everything away and says how many frames that were. */
  clear(): number {
    this.#sizeBytes = 0;
    this.#left = undefined;
    return this.#frames.splice(0).length;
  }

  /** Those that others need are in order, and follow what they need. */
  #isReady({ discardable, number, needs = 1 }: F): boolean {
    if (!discardable) return true;
    const { last, base } = this.#left ?? {};
    return [last, base].some((left) => left !== undefined && frameDistance(number, left) === needs);
  }

  /** Where `frame` belongs; undefined: its turn is over, or it is here already. */
  #place(frame: F): number | undefined {
    if (frame.discardable && this.#left && frameDistance(frame.number, this.#left.last) <= 0) return undefined;
    let place = this.#frames.length;
    for (; place > 0; place--) {
      const before = this.#frames[place - 1];
      const distance = before ? frameDistance(frame.number, before.number) : 1;
      if (distance === 0 && frame.discardable) return undefined;
      if (distance > 0 || distance < -MAX_APART) break;
    }
    return place;
  }

  #jump(dueUs: number): void {
    const target = this.#frames.findLastIndex((frame) => frame.keyFrame && frame.timestampUs <= dueUs);
    if (target <= 0) return;
    this.#drop(target);
    this.framesJumped += target;
  }

  /** Takes the first `count` frames out; returns the last of them. */
  #drop(count: number): F | undefined {
    const dropped = this.#frames.splice(0, count);
    for (const { body } of dropped) this.#sizeBytes -= body.length;
    return dropped.at(-1);
  }
}
