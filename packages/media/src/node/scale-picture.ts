import { rawPictureBytes } from "./buffer-picture.ts";
import type { Size } from "./fit-size.ts";
import type { NodePicture } from "./node-picture.ts";

interface Plane extends Size {
  readonly data: Uint8Array;
  readonly stride: number;
}

/** The planes of `picture` in another size, packed one after the other. The caller closes `picture`. */
export function scalePicture(picture: NodePicture, size: Size): Buffer {
  const { y, u, v, strideY, strideU, strideV } = picture.planes();
  const luma = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
  const chroma = half(luma);
  const target = Buffer.allocUnsafe(rawPictureBytes(size));
  const lumaBytes = size.widthPx * size.heightPx;
  const chromaSize = half(size);
  const chromaBytes = chromaSize.widthPx * chromaSize.heightPx;
  scalePlane({ ...luma, data: y, stride: strideY }, size, target);
  scalePlane({ ...chroma, data: u, stride: strideU }, chromaSize, target.subarray(lumaBytes));
  scalePlane({ ...chroma, data: v, stride: strideV }, chromaSize, target.subarray(lumaBytes + chromaBytes));
  return target;
}

function half({ widthPx, heightPx }: Size): Size {
  return { widthPx: (widthPx + 1) >> 1, heightPx: (heightPx + 1) >> 1 };
}

/** Bilinear, in steps of 1/256 of a sample. */
function scalePlane(source: Plane, size: Size, target: Uint8Array): void {
  const columns = positions(source.widthPx, size.widthPx);
  const rows = positions(source.heightPx, size.heightPx);
  let offset = 0;
  for (const row of rows) {
    const upper = (row >> 8) * source.stride;
    const lower = Math.min((row >> 8) + 1, source.heightPx - 1) * source.stride;
    const weight = row & 255;
    for (const column of columns) {
      const left = column >> 8;
      const right = Math.min(left + 1, source.widthPx - 1);
      const part = column & 255;
      const top = mix(source.data[upper + left] ?? 0, source.data[upper + right] ?? 0, part);
      const bottom = mix(source.data[lower + left] ?? 0, source.data[lower + right] ?? 0, part);
      target[offset++] = (mix(top, bottom, weight) + 32_768) >> 16;
    }
  }
}

/** `a` and `b` in 1/256: the result is 256 times as large as they are. */
function mix(a: number, b: number, part: number): number {
  return a * (256 - part) + b * part;
}

/** Where each target sample lies in the source, in 1/256. */
function positions(source: number, target: number): Int32Array {
  const limit = (source - 1) << 8;
  return Int32Array.from({ length: target }, (_, i) => {
    const centre = ((i + 0.5) * source) / target - 0.5;
    return Math.min(limit, Math.max(0, Math.round(centre * 256)));
  });
}

/** The picture as packed red, green and blue, made smaller by averaging. The caller closes `picture`. */
export function pictureToRgb(picture: NodePicture, { widthPx, heightPx }: Size): Uint8Array {
  const { y, u, v, strideY, strideU, strideV } = picture.planes();
  const colours = colourTable(picture);
  const columns = spans(picture.displayWidth, widthPx);
  const rows = spans(picture.displayHeight, heightPx);
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  let offset = 0;
  for (const [top, bottom] of rows) {
    for (const [left, right] of columns) {
      const luma = average({ data: y, stride: strideY }, { left, right, top, bottom });
      const chroma = ((left + right) >> 2) + ((top + bottom) >> 2) * strideU;
      const red = (v[((left + right) >> 2) + ((top + bottom) >> 2) * strideV] ?? 128) - 128;
      const blue = (u[chroma] ?? 128) - 128;
      const base = (luma - colours.black) * colours.luma;
      rgb[offset++] = clamp(base + colours.redV * red);
      rgb[offset++] = clamp(base - colours.greenU * blue - colours.greenV * red);
      rgb[offset++] = clamp(base + colours.blueU * blue);
    }
  }
  return rgb;
}

/** At most this many samples in each direction are averaged: enough to hide the grain, at a fixed price. */
const MAX_AVERAGED = 4;

function average(
  { data, stride }: { readonly data: Uint8Array; readonly stride: number },
  area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
): number {
  const stepX = Math.max(1, Math.ceil((area.right - area.left) / MAX_AVERAGED));
  const stepY = Math.max(1, Math.ceil((area.bottom - area.top) / MAX_AVERAGED));
  let sum = 0;
  let count = 0;
  for (let row = area.top; row < area.bottom; row += stepY) {
    for (let column = area.left; column < area.right; column += stepX) {
      sum += data[row * stride + column] ?? 0;
      count++;
    }
  }
  return sum / count;
}

/** Which source samples each target sample covers: at least one. */
function spans(source: number, target: number): readonly (readonly [number, number])[] {
  return Array.from({ length: target }, (_, i) => {
    const start = Math.min(source - 1, Math.floor((i * source) / target));
    return [start, Math.max(start + 1, Math.floor(((i + 1) * source) / target))] as const;
  });
}

interface Colours {
  readonly black: number;
  readonly luma: number;
  readonly redV: number;
  readonly greenU: number;
  readonly greenV: number;
  readonly blueU: number;
}

/** ITU-R BT.601 for JPEG and small pictures, BT.709 for high definition, as players do where nothing is said. */
function colourTable({ fullRange, displayHeight }: NodePicture): Colours {
  if (fullRange) return { black: 0, luma: 1, redV: 1.402, greenU: 0.344, greenV: 0.714, blueU: 1.772 };
  const limited = { black: 16, luma: 255 / 219 };
  if (displayHeight <= 576) return { ...limited, redV: 1.596, greenU: 0.392, greenV: 0.813, blueU: 2.017 };
  return { ...limited, redV: 1.793, greenU: 0.213, greenV: 0.533, blueU: 2.112 };
}

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(255, Math.round(value));
}
