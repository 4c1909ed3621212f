import type { Picture } from "../codec.ts";

/** The newest picture of those that come while an encoder is being opened: who begins to watch sees it first. */
export class HeldPicture<P extends Picture> {
  #picture: P | undefined;
  /** Pictures that were given up for newer ones, or for nothing. */
  dropped = 0;

  /** Takes `picture` over. */
  hold(picture: P): void {
    this.drop();
    this.#picture = picture;
  }

  /** The picture, now the caller's. */
  take(): P | undefined {
    const picture = this.#picture;
    this.#picture = undefined;
    return picture;
  }

  drop(): void {
    if (this.#picture === undefined) return;
    this.dropped++;
    this.#picture.close();
    this.#picture = undefined;
  }
}
