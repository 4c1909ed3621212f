import { closeSync, openSync, readSync } from "node:fs";
import { paintStamp, stampOf } from "../../test/support/stamp.ts";
import type { PictureSample } from "./page/picture-samples.ts";
import type { Luma } from "./picture-likeness.ts";

/** A clip as raw pictures of 4:2:0, which is played over and over. */
export interface RawClip {
  readonly path: string;
  readonly frames: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Shown pictures beside the ones that they were made of: the stamp in them says which. What has none is left out. */
export function besideOriginals(
  samples: readonly PictureSample[],
  clip: RawClip,
): { readonly shown: Luma; readonly original: Luma }[] {
  const file = openSync(clip.path, "r");
  try {
    return samples.flatMap(({ widthPx, heightPx, luma }) => {
      const shown = { data: new Uint8Array(Buffer.from(luma, "base64")), widthPx, heightPx };
      const number = stampOf(shown);
      return number === undefined ? [] : [{ shown, original: originalOf(number, { clip, file }) }];
    });
  } finally {
    closeSync(file);
  }
}

/** What the camera made of it. */
function originalOf(number: number, { clip, file }: { clip: RawClip; file: number }): Luma {
  const { widthPx, heightPx, frames } = clip;
  const data = new Uint8Array((widthPx * heightPx * 3) / 2);
  readSync(file, data, 0, data.length, (number % frames) * data.length);
  paintStamp({ data, widthPx, heightPx }, { number, flash: false });
  return { data: data.subarray(0, widthPx * heightPx), widthPx, heightPx };
}
