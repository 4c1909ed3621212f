import { letterbox, type NodePicture, pictureToRgb, type Rectangle, type Size, tileGrid } from "@mqtt-meet/media/node";

/** A picture in memory, red, green and blue, on which several people's pictures lie side by side. */
export class RgbCanvas {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Packed rows of three bytes a pixel. */
  readonly rgb: Uint8Array;

  constructor({ widthPx, heightPx }: Size) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.rgb = new Uint8Array(widthPx * heightPx * 3);
  }

  /** The tile of the person with this place in the row. */
  tile(index: number, count: number): Rectangle | undefined {
    return tileGrid(count, this)[index];
  }

  clear(): void {
    this.rgb.fill(0);
  }

  /** Draws `picture` into the middle of `tile`. */
  draw(picture: NodePicture, tile: Rectangle): void {
    const area = letterbox({ widthPx: picture.displayWidth, heightPx: picture.displayHeight }, tile);
    const pixels = pictureToRgb(picture, area);
    const rowBytes = area.widthPx * 3;
    for (let row = 0; row < area.heightPx; row++) {
      const start = ((area.y + row) * this.widthPx + area.x) * 3;
      this.rgb.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), start);
    }
  }
}
