import { DelayEstimator, SOUND_DELAY } from "./delay-estimator.ts";

/** Each gap that the network does not explain (a busy machine, a device with large buffers) costs this much delay … */
const UNDERRUN_US = 10_000;
const MAX_UNDERRUN_US = 60_000;

/** … which is given back at this rate. */
const RECOVERY_US_PER_S = 1_000;

/** Beside half a step of the device, as it is half a step further than on average at the worst. */
const MARGIN_US = 5_000;

/** What a block tells of how long to wait, in microseconds. */
export interface DelayObservation {
  readonly nowUs: number;
  /** How much later it came than the fastest. */
  readonly lateUs: number;
  /** How much the device takes at once. */
  readonly stepUs: number;
  /** How long sound is to wait so that it is not ahead of its pictures; undefined without pictures. */
  readonly forPicturesUs: number | undefined;
}

/** How long sound waits for what comes late: by its arrival, by gaps that arrival does not explain, and for its pictures. No clock of its own. */
export class SoundDelay {
  readonly #arrival = new DelayEstimator(SOUND_DELAY);
  #underrunUs = 0;
  #targetUs = SOUND_DELAY.startUs;
  #lastUs: number | undefined;

  /** In microseconds after the fastest. */
  get targetUs(): number {
    return this.#targetUs;
  }

  observe({ nowUs, lateUs, stepUs, forPicturesUs }: DelayObservation): void {
    this.#arrival.push(lateUs, nowUs, MARGIN_US + stepUs / 2);
    const elapsedS = Math.max(0, nowUs - (this.#lastUs ?? nowUs)) / 1e6;
    this.#lastUs = nowUs;
    this.#underrunUs = Math.max(0, this.#underrunUs - elapsedS * RECOVERY_US_PER_S);
    const neededUs = Math.max(this.#arrival.targetUs + this.#underrunUs, forPicturesUs ?? 0);
    this.#targetUs = Math.min(SOUND_DELAY.maximumUs, neededUs);
  }

  /** Sound was missing that had come in time. */
  ranOut(): void {
    this.#underrunUs = Math.min(MAX_UNDERRUN_US, this.#underrunUs + UNDERRUN_US);
  }

  /** How late sound came says nothing of what will come. */
  forget(): void {
    this.#arrival.forget();
  }
}
