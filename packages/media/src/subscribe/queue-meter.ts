import { MinimumWindow } from "../minimum-window.ts";
import { PathDelay } from "./path-delay.ts";

/** Long enough to remember an empty way while a queue stays; clocks drift by less than 20 ms in it. */
const PATH_WINDOW_US = 180_000_000;

/** The fastest of this time waited no longer than the queue is: jitter is left out. */
const NOW_WINDOW_US = 1_000_000;

/** When nothing came for so long, nothing is known. */
const SILENCE_MS = 3_000;

/** How long what arrives has waited in queues, whosever they are. The clocks of the two ends need not agree. */
export class QueueMeter {
  readonly #path = new PathDelay({ windowUs: PATH_WINDOW_US });
  readonly #now = new MinimumWindow({ windowUs: NOW_WINDOW_US });
  #lastMs = Number.NEGATIVE_INFINITY;

  /** What was captured at `capturedMs`, on the sender's clock, is here whole. */
  observe(capturedMs: number, nowMs: number): void {
    const delayUs = (nowMs - capturedMs) * 1000;
    this.#path.observe(delayUs, nowMs * 1000);
    this.#now.push(delayUs, nowMs * 1000);
    this.#lastMs = nowMs;
  }

  queueMs(nowMs: number): number {
    if (nowMs - this.#lastMs > SILENCE_MS) return 0;
    return Math.max(0, (this.#now.minimum ?? 0) - (this.#path.minimumUs ?? 0)) / 1000;
  }
}
