/** How much smaller and slower than asked for pictures are encoded. */
export interface PictureTier {
  /** Of each side, at most 1. */
  readonly scale: number;
  /** Of the frame rate, at most 1. */
  readonly pace: number;
}

const FULL: PictureTier = { scale: 1, pace: 1 };

/** Of each side: the 14 pixels of usual text become 9. */
const LEGIBLE = 2 / 3;

/**
 * From best to least. A camera stays smooth and gets smaller: 720p becomes 540p, 360p, 270p and 180p; only then it is slower.
 * A screen stays sharp and gets slower, because small text cannot be read at any rate: 1080p is as slow as two pictures a
 * second before it becomes smaller, and never has less than 720 lines, in which text of the usual size can just be read.
 */
const LADDERS: Readonly<Record<"motion" | "detail", readonly PictureTier[]>> = {
  motion: [FULL, at(0.75, 1), at(0.5, 1), at(0.375, 1), at(0.25, 1), at(0.25, 0.5)],
  detail: [FULL, at(1, 0.5), at(1, 0.25), at(1, 0.125), at(LEGIBLE, 0.125), at(LEGIBLE, 0.0625)],
};

/** Below this part of what a tier needs it looks worse than the next one would. */
const TOO_LITTLE = 0.6;
/** With this part of what the next better one needs, it is better. */
const ENOUGH = 0.9;
/** Every step costs a key frame and is seen: better only after so long with enough, and so long after the last step; then as good as there is enough for. */
const CLEAR_MS = 5_000;
const SINCE_MOVE_MS = 3_000;
/** A step up that was taken back makes the next one wait twice as long. */
const MAX_CLEAR_MS = 60_000;
/** A step up that lasts this long was right. */
const PROVEN_MS = 20_000;

/** Which size and frame rate fit a bitrate: worse at once, better after a while. */
export class PictureTiers {
  readonly #ladder: readonly PictureTier[];
  #index = 0;
  #movedMs = Number.NEGATIVE_INFINITY;
  #upMs = Number.NEGATIVE_INFINITY;
  #enoughSinceMs: number | undefined;
  #clearMs = CLEAR_MS;

  constructor(content: "motion" | "detail") {
    this.#ladder = LADDERS[content];
  }

  get current(): PictureTier {
    return this.#ladder[this.#index] ?? FULL;
  }

  /** `part`: of the bitrate that whole pictures at the whole rate need. */
  choose(part: number, nowMs: number): PictureTier {
    let index = this.#index;
    while (index < this.#ladder.length - 1 && part < TOO_LITTLE * need(this.#ladder[index] ?? FULL)) index++;
    if (index > this.#index) this.#down(index, nowMs);
    else this.#tryUp(part, nowMs);
    return this.current;
  }

  #down(index: number, nowMs: number): void {
    this.#clearMs = nowMs - this.#upMs < PROVEN_MS ? Math.min(MAX_CLEAR_MS, 2 * this.#clearMs) : CLEAR_MS;
    this.#index = index;
    this.#movedMs = nowMs;
    this.#enoughSinceMs = undefined;
  }

  #tryUp(part: number, nowMs: number): void {
    const better = this.#ladder[this.#index - 1];
    if (better === undefined || part < ENOUGH * need(better)) {
      this.#enoughSinceMs = undefined;
      return;
    }
    this.#enoughSinceMs ??= nowMs;
    if (nowMs - this.#enoughSinceMs < this.#clearMs || nowMs - this.#movedMs < SINCE_MOVE_MS) return;
    this.#index = this.#ladder.findIndex((tier) => part >= ENOUGH * need(tier));
    this.#movedMs = nowMs;
    this.#upMs = nowMs;
    this.#enoughSinceMs = undefined;
  }
}

/** Small pictures need more for each pixel, fast ones less for each frame. */
function need({ scale, pace }: PictureTier): number {
  return scale ** 1.5 * Math.sqrt(pace);
}

function at(scale: number, pace: number): PictureTier {
  return { scale, pace };
}
