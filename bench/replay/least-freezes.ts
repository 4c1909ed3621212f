import { FreezeDetector } from "@mqtt-meet/media";

/** A frame that can be decoded: when it was whole, and when captured, in milliseconds. */
export interface WholeFrame {
  readonly atMs: number;
  readonly capturedMs: number;
}

/** How often and how long a picture stood. */
export interface Freezes {
  readonly count: number;
  readonly ms: number;
}

/**
 * The freezes of a viewer that shows frames `patienceMs` after the fastest would have come, or when they come if that is later. With 0,
 * nothing is ever waited for; with the most that a playout may wait, what is left is forced by the line.
 */
export function freezesWith(frames: readonly WholeFrame[], patienceMs: number): Freezes {
  const detector = new FreezeDetector();
  const leastMs = Math.min(...frames.map(({ atMs, capturedMs }) => atMs - capturedMs));
  let shownMs = Number.NEGATIVE_INFINITY;
  for (const { atMs, capturedMs } of frames) {
    shownMs = Math.max(shownMs, atMs, capturedMs + leastMs + patienceMs);
    detector.push(shownMs);
  }
  return { count: detector.freezeCount, ms: detector.totalFreezesDurationMs };
}
