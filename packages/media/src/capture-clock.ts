import { MinimumWindow } from "./minimum-window.ts";

/** Long enough for a moment in which nothing waits, short enough for clocks that drift. */
const WINDOW_US = 10_000_000;

/** What waited for a busy machine catches up within this; what is late for longer was not waiting. */
const RECENT_US = 1_000_000;

/** Less than anybody notices between sound and picture (ITU-R BT.1359: 45 ms). */
const MAX_LOST_US = 30_000;

/**
 * Brings the times of a source, which have an origin of their own, onto the epoch clock: what came fastest of late is
 * taken to have come at once. A source whose clock stood still for a while (a sound device that lost samples) is followed
 * after a second.
 */
export class CaptureClock {
  readonly #offsets = new MinimumWindow({ windowUs: WINDOW_US });
  readonly #recent = new MinimumWindow({ windowUs: RECENT_US });

  /** The capture time on the epoch clock of what the source stamped `sourceUs` and what came at `nowUs`. */
  toEpochUs(sourceUs: number, nowUs: number): number {
    const offsetUs = nowUs - sourceUs;
    this.#offsets.push(offsetUs, nowUs);
    this.#recent.push(offsetUs, nowUs);
    const recentUs = this.#recent.minimum ?? offsetUs;
    if (recentUs - (this.#offsets.minimum ?? recentUs) > MAX_LOST_US) {
      this.#offsets.reset();
      this.#offsets.push(recentUs, nowUs);
    }
    return Math.floor(sourceUs + (this.#offsets.minimum ?? offsetUs));
  }
}
