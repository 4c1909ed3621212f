import { DelayEstimator, PICTURE_DELAY } from "./delay-estimator.ts";
import { PathDelay } from "./path-delay.ts";
import type { PlayoutClock } from "./playout-clock.ts";

/** The fastest frame of this time tells the delay of the path. */
const PATH_WINDOW_US = 10_000_000;

/** Of pictures that no other needs: later ones are not waited for, so that a way of theirs that is far behind holds up nobody. */
const MAX_UPPER_WAIT_US = 150_000;

/** When the pictures of one track are due: by their own arrival, and by the sound of their participant. */
export class VideoPlayout {
  readonly #clock: PlayoutClock;
  readonly #path = new PathDelay({ windowUs: PATH_WINDOW_US });
  readonly #estimator = new DelayEstimator(PICTURE_DELAY);
  readonly #stopListening: () => void;

  constructor(options: { readonly clock: PlayoutClock }) {
    this.#clock = options.clock;
    this.#stopListening = options.clock.onRerouted(() => this.#estimator.forget());
  }

  /** What is waited for late frames now. */
  get targetUs(): number {
    return this.#estimator.targetUs;
  }

  /** A frame is whole. */
  observe(
    { timestampUs, discardable }: { readonly timestampUs: number; readonly discardable: boolean },
    nowUs: number,
  ): void {
    const lateUs = this.#path.observe(nowUs - timestampUs, nowUs);
    if (!discardable || lateUs <= MAX_UPPER_WAIT_US) this.#estimator.push(lateUs, nowUs);
  }

  /** How long after capture pictures are shown. */
  delayUs(nowUs: number): number {
    const readyUs = (this.#path.minimumUs ?? Number.NEGATIVE_INFINITY) + this.#estimator.targetUs;
    return this.#clock.pictureDelayUs(this, readyUs, nowUs);
  }

  close(): void {
    this.#stopListening();
    this.#clock.removePictures(this);
  }
}
