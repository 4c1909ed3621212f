import type { NodePicture } from "@mqtt-meet/media/node";

/** Where pictures are shown: a window, a terminal, a pipe, nowhere. */
export interface PictureSink {
  /** Pictures of one key only can be shown; the others need not be received. */
  readonly single: boolean;
  /** There is somebody to hear the sound. */
  readonly audible: boolean;
  /** Shows `picture` now, which the caller closes. `frameRate`: what its track promises. */
  show(key: string, picture: NodePicture, info: { readonly frameRate: number }): void;
  /** Drawn on the picture of `key`, upper left; "" for nothing. */
  setText(key: string, text: string): void;
  /** Somebody's pictures are over. */
  remove(key: string): void;
  close(): void;
}

/** What the person at the sink wants. */
export interface SinkEvents {
  /** Show or hide the frame rate. */
  onToggle(): void;
  /** End. */
  onQuit(): void;
}

/** Receives, decodes and shows nothing. */
export const NULL_SINK: PictureSink = {
  single: false,
  audible: false,
  show() {},
  setText() {},
  remove() {},
  close() {},
};
