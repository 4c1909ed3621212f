import type { Rotation } from "@mqtt-meet/protocol";
import type { BrowserPicture } from "./browser-picture.ts";

/** Where a worker reads captured pictures; made by `captureVideo` in the window, posted to the worker with `transfer`. */
export type FrameSource =
  /** Of a MediaStreamTrackProcessor in the window. */
  | { readonly kind: "stream"; readonly readable: ReadableStream<VideoFrame> }
  /** The track itself: the worker makes the MediaStreamTrackProcessor. */
  | { readonly kind: "track"; readonly track: MediaStreamTrackLike }
  /** The window posts one picture after the other. */
  | { readonly kind: "port"; readonly port: MessagePort };

/** A MediaStreamTrack, which the libraries of a worker do not declare. */
export interface MediaStreamTrackLike {
  stop(): void;
}

/** What to do with captured pictures. */
export interface FrameReaderOptions {
  /** The callee takes `picture` over; its `timestamp` is on the epoch clock. `rotation` is what is left to turn. */
  readonly onPicture: (picture: BrowserPicture, options: { readonly rotation: Rotation }) => void;
  /** The source is over. */
  readonly onEnd?: () => void;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
}

/** Reads `source` until it ends or the signal is aborted. Runs in a worker (or a window). */
export function createFrameReader(source: FrameSource, options: FrameReaderOptions): void {
  throw new Error(`not yet ${source} ${options}`);
}
