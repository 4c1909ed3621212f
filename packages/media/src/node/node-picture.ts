import type { Picture } from "../codec.ts";

/** Where the samples of a planar 4:2:0 picture with 8 bits lie. Chroma has half the width and height, rounded up. */
export interface YuvPlanes {
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Bytes from one row to the next: at least the width. */
  readonly strideY: number;
  readonly strideU: number;
  readonly strideV: number;
}

/** A raw picture in Node: planar 4:2:0 with 8 bits. */
export interface NodePicture extends Picture {
  /** Samples go from 0 to 255 (as in JPEG) and not from 16 to 235. */
  readonly fullRange: boolean;
  /**
   * Valid until the next call for any picture of the same source, and until {@link close}: to be used at once and never
   * kept. Throws after close.
   */
  planes(): YuvPlanes;
  /** Another reference to the same memory, closed separately; `timestamp` replaces the capture time. */
  clone(options?: { readonly timestamp?: number }): NodePicture;
}
