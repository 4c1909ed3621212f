import type { VideoCodec } from "@mqtt-meet/protocol";

/** 720p at 30 frames a second looks good with it in every codec but JPEG. */
const REFERENCE = { pixels: 1280 * 720, frameRate: 30, bitrateBps: 1_500_000 };
/** What JPEG takes more, because no picture uses the one before it. */
const JPEG_FACTOR = 4;
const MIN_BITRATE_BPS = 60_000;

/** The bounds for a source of this size: not larger than itself or `maxHeightPx`, and even. */
export function boundSize(
  source: { readonly widthPx: number; readonly heightPx: number },
  maxHeightPx: number = Number.POSITIVE_INFINITY,
): { readonly widthPx: number; readonly heightPx: number } {
  // Upright pictures are measured by their width: a phone's camera is no larger than the same camera lying.
  const shortPx = Math.min(source.widthPx, source.heightPx);
  const scale = Math.min(1, maxHeightPx / shortPx);
  return { widthPx: toEven(source.widthPx * scale), heightPx: toEven(source.heightPx * scale) };
}

/** Small pictures need more for each pixel, fast ones less for each frame. */
export function bitrateFor(
  size: { readonly widthPx: number; readonly heightPx: number },
  { frameRate, codec }: { readonly frameRate: number; readonly codec: VideoCodec | undefined },
): number {
  const area = ((size.widthPx * size.heightPx) / REFERENCE.pixels) ** 0.75;
  const pace = Math.sqrt(frameRate / REFERENCE.frameRate);
  const factor = codec === "jpeg" ? JPEG_FACTOR : 1;
  return Math.max(MIN_BITRATE_BPS, Math.round((REFERENCE.bitrateBps * area * pace * factor) / 1000) * 1000);
}

function toEven(px: number): number {
  return Math.max(2, Math.round(px / 2) * 2);
}
