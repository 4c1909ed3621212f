import type { Rotation } from "@mqtt-meet/protocol";

/** How far `frame` is to be turned clockwise, where the browser says so. */
export function rotationOf(frame: VideoFrame): Rotation {
  const turned = "rotation" in frame ? frame.rotation : 0;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

/**
 * Another reference to the pixels of `frame`, with another time and turned further by `rotation`. Browsers that know
 * nothing of rotation ignore it.
 */
export function withFrameInit(
  frame: VideoFrame,
  init: { readonly timestamp: number; readonly rotation: Rotation },
): VideoFrame {
  const duration = frame.duration;
  return new VideoFrame(frame, duration === null ? init : { ...init, duration });
}
