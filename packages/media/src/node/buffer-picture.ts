import type { NodePicture, YuvPlanes } from "./node-picture.ts";

/** A picture in memory of this process: its planes one after the other, without padding. */
export class BufferPicture implements NodePicture {
  readonly timestamp: number;
  readonly displayWidth: number;
  readonly displayHeight: number;
  readonly fullRange: boolean;
  #data: Uint8Array | undefined;

  /** `data` must not change afterwards. */
  constructor(
    data: Uint8Array,
    options: {
      readonly timestamp: number;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly fullRange?: boolean;
    },
  ) {
    if (data.length < rawPictureBytes(options)) throw new RangeError("The picture is larger than its data.");
    this.#data = data;
    this.timestamp = options.timestamp;
    this.displayWidth = options.widthPx;
    this.displayHeight = options.heightPx;
    this.fullRange = options.fullRange ?? false;
  }

  planes(): YuvPlanes {
    if (!this.#data) throw new TypeError("The picture is closed.");
    const chromaWidth = (this.displayWidth + 1) >> 1;
    const lumaBytes = this.displayWidth * this.displayHeight;
    const chromaBytes = chromaWidth * ((this.displayHeight + 1) >> 1);
    return {
      y: this.#data.subarray(0, lumaBytes),
      u: this.#data.subarray(lumaBytes, lumaBytes + chromaBytes),
      v: this.#data.subarray(lumaBytes + chromaBytes, lumaBytes + 2 * chromaBytes),
      strideY: this.displayWidth,
      strideU: chromaWidth,
      strideV: chromaWidth,
    };
  }

  clone(options: { readonly timestamp?: number } = {}): BufferPicture {
    if (!this.#data) throw new TypeError("The picture is closed.");
    return new BufferPicture(this.#data, {
      timestamp: options.timestamp ?? this.timestamp,
      widthPx: this.displayWidth,
      heightPx: this.displayHeight,
      fullRange: this.fullRange,
    });
  }

  close(): void {
    this.#data = undefined;
  }
}

/** Bytes of a packed 4:2:0 picture of this size. */
export function rawPictureBytes(size: { readonly widthPx: number; readonly heightPx: number }): number {
  const chroma = ((size.widthPx + 1) >> 1) * ((size.heightPx + 1) >> 1);
  return size.widthPx * size.heightPx + 2 * chroma;
}
