import type { PictureInfo } from "../subscribe/video-subscriber.ts";
import type { BrowserPicture } from "./browser-picture.ts";

/**
 * Draws pictures on a canvas that a window transferred. The canvas takes the picture's size; fitting it into the page
 * is the style sheet's work.
 */
export class CanvasRenderer {
  constructor(canvas: OffscreenCanvas) {
    throw new Error(`not yet ${canvas}`);
  }

  /** Takes `picture` over and closes it. */
  draw(picture: BrowserPicture, info: Pick<PictureInfo, "rotation">): void {
    throw new Error(`not yet ${picture} ${info}`);
  }

  /** Shows nothing. */
  clear(): void {}
}
