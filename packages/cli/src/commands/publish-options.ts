import type { PictureSize } from "../parse-arguments.ts";

/** What `--format` names. */
export const FORMATS = ["jpeg", "jpeg-base64", "h264", "vp8", "vp9", "av1"] as const;

/** The options of `publish`. */
export interface PublishOptions {
  readonly source: string;
  readonly format?: (typeof FORMATS)[number];
  readonly size: PictureSize;
  readonly fps: number;
  /** Of the largest size. */
  readonly bitrate?: number;
  readonly simulcast?: boolean;
  readonly quality?: number;
  readonly audio: boolean;
  readonly loop?: boolean;
  readonly name?: string;
  readonly duration?: number;
  readonly json?: boolean;
}
