/** How many of the last frames make the average. */
const FRAMES = 30;

/** A picture that stands longer is a pause (somebody switched the camera off), not a freeze. */
const PAUSE_MS = 5_000;

/**
 * Counts freezes as webrtc-stats does: a picture that stands for max(3 · average, average + 150 ms) or longer, the
 * average taken over the last 30 frames.
 */
export class FreezeDetector {
  readonly #durationsMs: number[] = [];
  #sumMs = 0;
  #lastMs: number | undefined;
  freezeCount = 0;
  totalFreezesDurationMs = 0;
  pauseCount = 0;
  totalPausesDurationMs = 0;

  /** A picture is shown now. */
  push(nowMs: number): void {
    const durationMs = nowMs - (this.#lastMs ?? nowMs);
    if (this.#lastMs !== undefined) this.#judge(durationMs);
    this.#lastMs = nowMs;
  }

  /** Nobody looks: the picture that stands from now on is no freeze. */
  rest(): void {
    this.#lastMs = undefined;
  }

  #judge(durationMs: number): void {
    if (durationMs > PAUSE_MS) {
      this.pauseCount++;
      this.totalPausesDurationMs += durationMs;
      return;
    }
    const averageMs = this.#sumMs / this.#durationsMs.length;
    if (this.#durationsMs.length > 0 && durationMs >= Math.max(3 * averageMs, averageMs + 150)) {
      this.freezeCount++;
      this.totalFreezesDurationMs += durationMs;
    }
    this.#durationsMs.push(durationMs);
    this.#sumMs += durationMs;
    if (this.#durationsMs.length > FRAMES) this.#sumMs -= this.#durationsMs.shift() ?? 0;
  }
}
