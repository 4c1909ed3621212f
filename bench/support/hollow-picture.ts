import type { Picture } from "@mqtt-meet/media";

/** A picture that nobody took: it only says when, and how large it would be. */
export function hollowPicture(timestampUs: number, { widthPx, heightPx } = { widthPx: 640, heightPx: 360 }): Picture {
  return { timestamp: timestampUs, displayWidth: widthPx, displayHeight: heightPx, close: () => undefined };
}
