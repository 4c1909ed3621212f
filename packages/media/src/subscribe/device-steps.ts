import { MinimumWindow } from "../minimum-window.ts";

/** Short: a device that hesitated once need not be feared for long. */
const WINDOW_US = 1_000_000;

/** Of a device with larger steps, gaps tell. */
const MAX_STEP_US = 40_000;

/**
 * In what steps a device takes its sound. Most take 3 to 10 ms at once, some 20 and more: seen from a writer that comes at other times,
 * so much of what waits is gone earlier or later than it would be evenly.
 */
export class DeviceSteps {
  /** Of the time at which the device is: how far it is behind our clock, and the same with the other sign. */
  readonly #behind = new MinimumWindow({ windowUs: WINDOW_US });
  readonly #ahead = new MinimumWindow({ windowUs: WINDOW_US });

  /** The device has taken `takenUs` of sound, or silence for want of it, since its beginning. */
  observe(takenUs: number, nowUs: number): void {
    this.#behind.push(nowUs - takenUs, nowUs);
    this.#ahead.push(takenUs - nowUs, nowUs);
  }

  /** What it takes at once, as far as it was seen. */
  get stepUs(): number {
    const [behind, ahead] = [this.#behind.minimum, this.#ahead.minimum];
    return behind === undefined || ahead === undefined ? 0 : Math.min(MAX_STEP_US, -ahead - behind);
  }

  /** Sound was taken away otherwise. */
  reset(): void {
    this.#behind.reset();
    this.#ahead.reset();
  }
}
