import { MinimumWindow } from "./minimum-window.ts";

/** Long enough for a moment in which nothing waits, short enough for clocks that drift. */
const WINDOW_US = 10_000_000;

/**
 * Brings the times of a source, which have an origin of their own, onto the epoch clock: what came fastest of late is
 * taken to have come at once.
 */
export class CaptureClock {
  readonly #offsets = new MinimumWindow({ windowUs: WINDOW_US });

  /** The capture time on the epoch clock of what the source stamped `sourceUs` and what came at `nowUs`. */
  toEpochUs(sourceUs: number, nowUs: number): number {
    const offsetUs = nowUs - sourceUs;
    this.#offsets.push(offsetUs, nowUs);
    return Math.floor(sourceUs + (this.#offsets.minimum ?? offsetUs));
  }
}
