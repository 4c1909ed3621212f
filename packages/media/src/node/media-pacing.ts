/** A media that is later than this cannot keep up: it goes on from where it is. */
const MAX_LATE_MS = 1_000;

/** When each frame of a file is due, so that the file runs as fast as it was recorded, however long. */
export class MediaPacing {
  #startMs: number | undefined;

  /** Milliseconds since the Unix epoch at which the frame `mediaUs` after the beginning is due. */
  dueMs(mediaUs: number, nowMs: number): number {
    this.#startMs ??= nowMs - mediaUs / 1000;
    const dueMs = this.#startMs + mediaUs / 1000;
    if (nowMs - dueMs <= MAX_LATE_MS) return dueMs;
    this.#startMs += nowMs - dueMs;
    return nowMs;
  }
}

/** A stamp may be this much before the arrival: what comes later was recorded before a pause or a jump. */
const MAX_AGE_US = 2_000_000;

/** Gives the frames of a live device or stream their capture time, from their own clock and their arrival. */
export class LiveTimeline {
  #offsetUs: number | undefined;

  /** Microseconds since the Unix epoch, never after `nowUs`. The frame that travelled fastest sets the offset. */
  stampUs(mediaUs: number, nowUs: number): number {
    const offsetUs = nowUs - mediaUs;
    this.#offsetUs = Math.min(this.#offsetUs ?? offsetUs, offsetUs);
    if (offsetUs - this.#offsetUs > MAX_AGE_US) this.#offsetUs = offsetUs;
    return Math.round(mediaUs + this.#offsetUs);
  }
}

/** A frame may come this part of an interval early and still count as the next one. */
const TOLERANCE = 0.25;

/** Leaves out the frames above a rate, evenly. An infinite rate admits everything. */
export class FrameRateGate {
  readonly #intervalUs: number;
  #nextUs = Number.NEGATIVE_INFINITY;

  constructor(frameRate: number) {
    this.#intervalUs = 1_000_000 / frameRate;
  }

  admit(mediaUs: number): boolean {
    const earlyUs = this.#nextUs - mediaUs;
    // Ten intervals early is no early frame but a jump backwards.
    if (earlyUs > this.#intervalUs * TOLERANCE && earlyUs < this.#intervalUs * 10) return false;
    // From the plan and not from the frame, or the tolerance would add up; from the frame after a gap.
    const planned = Math.abs(earlyUs) < this.#intervalUs ? this.#nextUs : mediaUs;
    this.#nextUs = planned + this.#intervalUs;
    return true;
  }
}
