import type { DrawnScene } from "./background-choice.ts";

/** What stands behind the person. The worker takes `picture` over. */
export type Backdrop =
  | { readonly kind: "blur" }
  | { readonly kind: DrawnScene }
  | { readonly kind: "picture"; readonly picture: ImageBitmap };

/** What the window tells the worker that makes backgrounds. */
export type ToBackground =
  /** Once, first. Both streams are transferred. */
  | {
      readonly type: "open";
      readonly frames: ReadableStream<VideoFrame>;
      readonly made: WritableStream<VideoFrame>;
      readonly backdrop: Backdrop;
    }
  /** From the next picture on. */
  | { readonly type: "change"; readonly backdrop: Backdrop };

/** What that worker tells the window. */
export type FromBackground =
  /** Pictures come out. `latencyMs`: how much later than they came in. */
  | { readonly type: "ready"; readonly latencyMs: number }
  /** No more pictures come out. */
  | { readonly type: "failed"; readonly reason: string };

/** A picture for the segmenter: RGBA, small. */
export interface SmallPicture {
  readonly data: ArrayBuffer;
  readonly width: number;
  readonly height: number;
}

/** What the segmenter is told: where its parts are, once, and then picture after picture. */
export type ToSegmenter =
  | { readonly type: "open"; readonly script: string; readonly parts: Readonly<Record<string, string>> }
  | { readonly type: "segment"; readonly picture: SmallPicture };

/** What the segmenter answers, one for one. */
export type FromSegmenter =
  /** Of each pixel, 0 to 255, how likely it belongs to a person. */
  { readonly type: "mask"; readonly mask: ArrayBuffer } | { readonly type: "failed"; readonly reason: string };
