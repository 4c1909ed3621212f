import type { Picture } from "../codec.ts";

/** A picture where there is no `VideoFrame`, and what JPEG decodes to. */
export class BitmapPicture implements Picture {
  readonly timestamp: number;
  readonly bitmap: ImageBitmap;

  /** Takes `bitmap` over. */
  constructor(bitmap: ImageBitmap, options: { readonly timestampUs: number }) {
    this.bitmap = bitmap;
    this.timestamp = options.timestampUs;
  }

  get displayWidth(): number {
    return this.bitmap.width;
  }

  get displayHeight(): number {
    return this.bitmap.height;
  }

  close(): void {
    this.bitmap.close();
  }
}

/** A raw picture in a browser. */
export type BrowserPicture = VideoFrame | BitmapPicture;
