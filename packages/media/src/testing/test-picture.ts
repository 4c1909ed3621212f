import { BitmapPicture, type BrowserPicture } from "../webcodecs/browser-picture.ts";

/** Side of the squares that hold the bits of a test picture's number. */
const SQUARE_PX = 40;

/** A picture for tests: grey, with `number` as bright and dark squares from the upper left corner on. */
export function testPicture(options: {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly number: number;
  readonly timestampUs: number;
}): VideoFrame {
  const { widthPx, heightPx, number, timestampUs } = options;
  const pixels = new Uint8Array((widthPx * heightPx * 3) / 2).fill(128);
  for (let bit = 0; (bit + 1) * SQUARE_PX <= widthPx; bit++) {
    const luma = (number >> bit) & 1 ? 235 : 16;
    for (let y = 0; y < SQUARE_PX; y++) {
      const at = y * widthPx + bit * SQUARE_PX;
      pixels.fill(luma, at, at + SQUARE_PX);
    }
  }
  return new VideoFrame(pixels, {
    format: "I420",
    codedWidth: widthPx,
    codedHeight: heightPx,
    timestamp: timestampUs,
  });
}

/** Brightness of a pixel, 0 to 255. */
export function lumaAt(picture: BrowserPicture, { x, y }: { readonly x: number; readonly y: number }): number {
  const context = new OffscreenCanvas(picture.displayWidth, picture.displayHeight).getContext("2d");
  if (!context) throw new Error("This browser does not draw.");
  context.drawImage(picture instanceof BitmapPicture ? picture.bitmap : picture, 0, 0);
  const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}
