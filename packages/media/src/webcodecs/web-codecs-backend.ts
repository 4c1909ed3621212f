import type { CodecBackend } from "../codec.ts";
import type { BrowserPicture } from "./browser-picture.ts";

/** The codecs of this browser, in a window or a worker. Without WebCodecs only JPEG is there. */
export function createWebCodecsBackend(): CodecBackend<BrowserPicture> {
  throw new Error("not yet");
}
