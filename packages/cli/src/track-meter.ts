import type { TrackLine } from "./track-line.ts";

/** How many intervals the usual one is taken from. */
const INTERVALS = 30;

/** Counts the frames of one track that has no statistics of its own: a topic. */
export class TrackMeter {
  readonly #from: string;
  readonly #track: string;
  readonly #intervalsMs: number[] = [];
  #frames = 0;
  #dropped = 0;
  #freezes = 0;
  #bytes = 0;
  #width = 0;
  #height = 0;
  #lastFrameMs: number | undefined;
  #second: { atMs: number; frames: number; bytes: number };

  constructor(options: { readonly from: string; readonly track: string; readonly nowMs: number }) {
    this.#from = options.from;
    this.#track = options.track;
    this.#second = { atMs: options.nowMs, frames: 0, bytes: 0 };
  }

  get frames(): number {
    return this.#frames;
  }

  /** A frame was shown or sent. */
  countFrame(frame: { readonly widthPx: number; readonly heightPx: number }, nowMs: number): void {
    this.#frames++;
    this.#width = frame.widthPx;
    this.#height = frame.heightPx;
    if (this.#lastFrameMs !== undefined) this.#countInterval(nowMs - this.#lastFrameMs);
    this.#lastFrameMs = nowMs;
  }

  countDropped(): void {
    this.#dropped++;
  }

  countBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The time since the last call, and all counters. */
  line(nowMs: number, options: { readonly dropped?: number } = {}): TrackLine {
    const seconds = Math.max(0.001, (nowMs - this.#second.atMs) / 1000);
    const fps = Math.round(((this.#frames - this.#second.frames) / seconds) * 100) / 100;
    const kbps = Math.round(((this.#bytes - this.#second.bytes) * 8) / seconds / 1000);
    this.#second = { atMs: nowMs, frames: this.#frames, bytes: this.#bytes };
    return {
      t: Math.round(nowMs),
      from: this.#from,
      track: this.#track,
      fps,
      kbps,
      width: this.#width,
      height: this.#height,
      frames: this.#frames,
      dropped: this.#dropped + (options.dropped ?? 0),
      freezes: this.#freezes,
      latencyMs: null,
    };
  }

  /** As webrtc-stats counts freezes: three usual intervals, and at least 150 ms more than one. */
  #countInterval(intervalMs: number): void {
    const usualMs = this.#intervalsMs.reduce((sum, value) => sum + value, 0) / (this.#intervalsMs.length || 1);
    const full = this.#intervalsMs.length === INTERVALS;
    if (full && intervalMs > Math.max(3 * usualMs, usualMs + 150)) this.#freezes++;
    this.#intervalsMs.push(intervalMs);
    if (this.#intervalsMs.length > INTERVALS) this.#intervalsMs.shift();
  }
}
