import type { Picture } from "../codec.ts";

/** A source that has sent nothing for so long stands still for now: nothing better will come for who asks. */
const STILL_AFTER_MS = 150;

/** A still picture is sent again so often for viewers that cannot ask, and so that its last frame becomes sharp. */
const REPEAT_INTERVAL_MS = 2_000;

/** Keeps the last picture of a source that sends nothing while nothing changes, such as a screen. */
export class StillSource<P extends Picture> {
  readonly #repeat: (picture: P, timestampUs: number) => P;
  #picture: P | undefined;
  #sentMs = 0;

  constructor(options: { readonly repeat: (picture: P, timestampUs: number) => P }) {
    this.#repeat = options.repeat;
  }

  /** Takes a reference to `picture`, which stays the caller's. */
  observe(picture: P, nowMs: number): void {
    this.#picture?.close();
    this.#picture = this.#repeat(picture, picture.timestamp);
    this.#sentMs = nowMs;
  }

  /** The picture to be sent again now, as of now, if any. */
  take(nowMs: number, state: { readonly asked: boolean }): P | undefined {
    const waitMs = state.asked ? STILL_AFTER_MS : REPEAT_INTERVAL_MS;
    if (!this.#picture || nowMs - this.#sentMs < waitMs) return undefined;
    this.#sentMs = nowMs;
    return this.#repeat(this.#picture, nowMs * 1000);
  }

  forget(): void {
    this.#picture?.close();
    this.#picture = undefined;
  }
}
