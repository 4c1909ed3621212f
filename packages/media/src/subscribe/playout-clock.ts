/** Where a sound track is. */
export interface SoundPosition {
  /** Capture time of what is heard now; undefined while nothing is. */
  heardUs(nowUs: number): number | undefined;
}

/**
 * How far pictures may be ahead of their sound. Nobody notices sound that is 125 ms late (ITU-R BT.1359), and less
 * delay is worth more than perfect alignment; the rest is for what output devices do not tell, and for what comes unevenly.
 */
const PICTURE_LEAD_US = 90_000;

/** How far sound may be ahead of its pictures; noticed at 45 ms. */
const SOUND_LEAD_US = 25_000;

/** Sound further behind than this is no guide any more. */
const MAX_HOLD_US = 1_000_000;

/** Pictures run at three quarters of their speed to wait for sound, at one and a half to catch up: no freeze, no jump. */
const SLOW_DOWN = 0.25;
const SPEED_UP = 0.5;

/** Times between calls above this are a pause; nothing is owed for it. */
const MAX_STEP_US = 1_000_000;

/** Short gaps in the sound do not release the pictures. */
const SOUND_MEMORY_US = 300_000;

/**
 * One for all tracks of a participant: how long after capture pictures are shown and sound is heard. Sound leads,
 * because ears notice more; pictures are held back only as far as somebody would notice otherwise. Delays are differences
 * of our clock and the publisher's, so the clocks need not agree.
 */
export class PlayoutClock {
  readonly #sounds = new Set<SoundPosition>();
  readonly #pictures = new Map<object, { readonly readyUs: number; readonly atUs: number }>();
  readonly #rerouted = new Set<() => void>();
  #sound: { readonly delayUs: number; readonly atUs: number } | undefined;
  #limitUs: number | undefined;
  #limitAtUs = 0;

  /** A sound track to follow. Returns what removes it. */
  addSound(sound: SoundPosition): () => void {
    this.#sounds.add(sound);
    return () => this.#sounds.delete(sound);
  }

  /** Calls `forget` when how late packets came until now says nothing of those to come. Returns what ends that. */
  onRerouted(forget: () => void): () => void {
    this.#rerouted.add(forget);
    return () => this.#rerouted.delete(forget);
  }

  /** The participant's packets come another way from now on. */
  reroute(): void {
    for (const forget of this.#rerouted) forget();
  }

  /**
   * How long after capture pictures of `track` are shown, given how long after capture they are ready. To be asked for
   * every picture.
   */
  pictureDelayUs(track: object, readyUs: number, nowUs: number): number {
    this.#pictures.set(track, { readyUs, atUs: nowUs });
    this.#observeSound(nowUs);
    const limitUs = this.#follow(readyUs, nowUs);
    return Math.max(readyUs, limitUs ?? readyUs);
  }

  removePictures(track: object): void {
    this.#pictures.delete(track);
  }

  /** How long after capture sound is to be heard at least, so that it is not ahead of its pictures. */
  soundDelayUs(nowUs: number): number | undefined {
    let delayUs: number | undefined;
    for (const { readyUs, atUs } of this.#pictures.values()) {
      if (nowUs - atUs < MAX_STEP_US) delayUs = Math.max(delayUs ?? readyUs, readyUs);
    }
    return delayUs === undefined ? undefined : delayUs - SOUND_LEAD_US;
  }

  #observeSound(nowUs: number): void {
    let delayUs: number | undefined;
    for (const sound of this.#sounds) {
      const heardUs = sound.heardUs(nowUs);
      if (heardUs !== undefined) delayUs = Math.max(delayUs ?? Number.NEGATIVE_INFINITY, nowUs - heardUs);
    }
    if (delayUs !== undefined) this.#sound = { delayUs, atUs: nowUs };
    else if (this.#sound && nowUs - this.#sound.atUs > SOUND_MEMORY_US) this.#sound = undefined;
  }

  #follow(readyUs: number, nowUs: number): number | undefined {
    const stepUs = Math.min(MAX_STEP_US, Math.max(0, nowUs - this.#limitAtUs));
    this.#limitAtUs = nowUs;
    const wantedUs = this.#sound ? Math.min(readyUs + MAX_HOLD_US, this.#sound.delayUs - PICTURE_LEAD_US) : readyUs;
    const limitUs = Math.max(this.#limitUs ?? readyUs, Math.min(wantedUs, readyUs));
    this.#limitUs =
      wantedUs > limitUs
        ? Math.min(wantedUs, limitUs + stepUs * SLOW_DOWN)
        : Math.max(wantedUs, limitUs - stepUs * SPEED_UP);
    return this.#limitUs;
  }
}
