/** Width and height in pixels. */
export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The largest size within `limits` with the aspect ratio of `size`, never larger than it; even, as 4:2:0 wants it. */
export function fitSize(size: Size, limits: Size): Size {
  const scale = Math.min(1, limits.widthPx / size.widthPx, limits.heightPx / size.heightPx);
  return { widthPx: even(size.widthPx * scale), heightPx: even(size.heightPx * scale) };
}

function even(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2);
}
