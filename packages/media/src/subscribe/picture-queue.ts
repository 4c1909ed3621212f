import type { Picture } from "../codec.ts";

/** Decoders have few pictures to lend; one that is full of them stops. */
const MAX_PICTURES = 6;

/** Decoded pictures that wait for their time. At the bound, the oldest is thrown away. */
export class PictureQueue<P extends Picture> {
  readonly #pictures: P[] = [];
  /** Closed without being shown. */
  picturesDropped = 0;

  get length(): number {
    return this.#pictures.length;
  }

  /** Capture time of the picture that comes next. */
  get nextUs(): number | undefined {
    return this.#pictures[0]?.timestamp;
  }

  /** Takes `picture` over. */
  push(picture: P): void {
    this.#pictures.push(picture);
    if (this.#pictures.length > MAX_PICTURES) this.#drop(1);
  }

  /** The newest picture that was captured until `dueUs`; those before it are closed. The caller closes it. */
  take(dueUs: number): P | undefined {
    const index = this.#pictures.findLastIndex((picture) => picture.timestamp <= dueUs);
    if (index < 0) return undefined;
    this.#drop(index);
    return this.#pictures.shift();
  }

  clear(): void {
    this.#drop(this.#pictures.length);
  }

  #drop(count: number): void {
    for (const picture of this.#pictures.splice(0, count)) {
      picture.close();
      this.picturesDropped++;
    }
  }
}
