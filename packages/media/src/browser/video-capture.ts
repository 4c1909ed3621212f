import type { FrameSource } from "../webcodecs/frame-reader.ts";

/** A track on its way to the worker that encodes it. */
export interface VideoCapture {
  /** To be posted to the worker, once, with {@link transfer}. */
  readonly source: FrameSource;
  readonly transfer: readonly Transferable[];
  /** Ends the reader in the worker too. The track is not stopped. */
  close(): void;
}

/** Begins to read `track`, which stays the caller's. */
export function captureVideo(
  track: MediaStreamTrack,
  options?: {
    /** Whether the worker has a MediaStreamTrackProcessor (Safari); asked for only where the window has none. */
    readonly workerReadsTracks?: boolean;
  },
): VideoCapture {
  throw new Error(`not yet ${track} ${options}`);
}
