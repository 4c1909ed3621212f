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

/** The size of one layer of a track. */
export interface LayerSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A face in fewer lines is not worth an encoder. */
const MIN_LAYER_PX = 160;
/** Of a large screen: one for a tile among many, one for a few, one for the stage. */
const MAX_LAYERS = 3;

/**
 * The sizes in which a camera is offered, the smallest first: the whole one, its half and its quarter (180, 360 and 720
 * lines), as far as they show anything. Halves keep the shape, and each can be made of the one above it.
 */
export function layerSizes({ widthPx, heightPx }: LayerSize): readonly LayerSize[] {
  const sizes: LayerSize[] = [{ widthPx, heightPx }];
  for (let part = 2; sizes.length < MAX_LAYERS; part *= 2) {
    if (Math.min(widthPx, heightPx) / part < MIN_LAYER_PX) break;
    sizes.unshift({ widthPx: toEven(widthPx / part), heightPx: toEven(heightPx / part) });
  }
  return sizes;
}

/** What each of `sizes` takes; with `largestBps`, the largest takes that, and the others in proportion. */
export function layerBitrates(
  sizes: readonly LayerSize[],
  options: { readonly frameRate: number; readonly codec: VideoCodec; readonly largestBps: number | undefined },
): readonly number[] {
  const usual = sizes.map((size) => bitrateFor(size, options));
  const part = options.largestBps === undefined ? 1 : options.largestBps / (usual.at(-1) ?? 1);
  return usual.map((bps) => Math.round(bps * part));
}

function toEven(px: number): number {
  return Math.max(2, Math.round(px / 2) * 2);
}
