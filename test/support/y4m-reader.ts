import type { PlanarPicture } from "./stamp.ts";

/** Takes a y4m stream of 4:2:0 apart as it comes. */
export class Y4mReader {
  readonly #onPicture: (picture: PlanarPicture) => void;
  #head = "";
  #size: { widthPx: number; heightPx: number } | undefined;
  #frame: Buffer = Buffer.alloc(0);
  #filled = 0;
  #inFrame = false;

  /** A picture is valid during the call. */
  constructor(onPicture: (picture: PlanarPicture) => void) {
    this.#onPicture = onPicture;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at = this.#inFrame ? this.#takePicture(chunk, at) : this.#takeLine(chunk, at);
  }

  /** A line of text: the stream's header first, then one before each picture. */
  #takeLine(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(0x0a, from);
    this.#head += chunk.toString("latin1", from, end < 0 ? chunk.length : end);
    if (end < 0) return chunk.length;
    if (this.#size) this.#inFrame = true;
    else this.#begin(this.#head);
    this.#head = "";
    return end + 1;
  }

  #begin(header: string): void {
    const [, width, height] = /^YUV4MPEG2 .*?W(\d+) H(\d+)/.exec(header) ?? [];
    if (!width || !height || !/ C420/.test(header)) throw new Error(`Not a y4m stream of 4:2:0: "${header}".`);
    const [widthPx, heightPx] = [Number(width), Number(height)];
    this.#size = { widthPx, heightPx };
    this.#frame = Buffer.alloc(widthPx * heightPx + 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2));
  }

  #takePicture(chunk: Buffer, from: number): number {
    const taken = chunk.copy(this.#frame, this.#filled, from);
    this.#filled += taken;
    if (this.#size && this.#filled === this.#frame.length) {
      this.#onPicture({ ...this.#size, data: this.#frame });
      this.#filled = 0;
      this.#inFrame = false;
    }
    return from + taken;
  }
}
