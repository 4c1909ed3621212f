/** The size of a picture. */
export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * The size at which a picture is encoded: scaled down to fit into `bounds` (turned like the picture), aspect ratio
 * kept, both sides even because chroma has half the resolution.
 */
export function fitSize(picture: Size, bounds: Size): Size {
  const long = Math.max(bounds.widthPx, bounds.heightPx);
  const short = Math.min(bounds.widthPx, bounds.heightPx);
  const lying = picture.widthPx >= picture.heightPx;
  const scale = Math.min(1, (lying ? long : short) / picture.widthPx, (lying ? short : long) / picture.heightPx);
  return { widthPx: even(picture.widthPx * scale), heightPx: even(picture.heightPx * scale) };
}

function even(px: number): number {
  return Math.max(2, Math.round(px / 2) * 2);
}
