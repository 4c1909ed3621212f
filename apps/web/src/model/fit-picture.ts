/** How large a picture of shape `aspect` is shown on a tile, in parts of the tile's width and height; 1 fills it. */
export interface PictureFit {
  readonly width: number;
  readonly height: number;
}

/** As large as the tile allows with at most the part `mostCropped` of the picture cut away; the rest of the tile stays empty. */
export function fitPicture(
  aspect: number,
  { width, height, mostCropped }: { width: number; height: number; mostCropped: number },
): PictureFit {
  if (!(aspect > 0 && width > 0 && height > 0)) return { width: 1, height: 1 };
  const tile = width / height;
  const whole = aspect > tile ? { width: 1, height: tile / aspect } : { width: aspect / tile, height: 1 };
  const toFill = 1 / Math.min(whole.width, whole.height);
  const scale = Math.min(toFill, 1 / (1 - mostCropped));
  return { width: whole.width * scale, height: whole.height * scale };
}
