import { DelayEstimator, PICTURE_DELAY } from "./delay-estimator.ts";
import { PathDelay } from "./path-delay.ts";
import type { PlayoutClock } from "./playout-clock.ts";

/** The fastest frame of this time tells the delay of the path. */
const PATH_WINDOW_US = 10_000_000;

/** When the pictures of one track are due: by their own arrival, and by the sound of their participant. */
export class VideoPlayout {
  readonly #clock: PlayoutClock;
  readonly #path = new PathDelay({ windowUs: PATH_WINDOW_US });
  readonly #estimator = new DelayEstimator(PICTURE_DELAY);

  constructor(options: { readonly clock: PlayoutClock }) {
    this.#clock = options.clock;
  }

  /** What is waited for late frames now. */
  get targetUs(): number {
    return this.#estimator.targetUs;
  }

  /** A frame is whole. */
  observe(timestampUs: number, nowUs: number): void {
    const delayUs = nowUs - timestampUs;
    this.#estimator.push(this.#path.observe(delayUs, nowUs), nowUs);
  }

  /** How long after capture pictures are shown. */
  delayUs(nowUs: number): number {
    const readyUs = (this.#path.minimumUs ?? Number.NEGATIVE_INFINITY) + this.#estimator.targetUs;
    return this.#clock.pictureDelayUs(this, readyUs, nowUs);
  }

  close(): void {
    this.#clock.removePictures(this);
  }
}
