/**
 * A number painted into a picture as one row of black and white blocks, to be read again from displayed pixels at any size:
 * a finder with the runs 1 1 3 1 1, a black block, 16 bits of the number and 4 bits of checksum, with a black border of one block.
 * Beside it is a square that is white in flash frames and black otherwise. Both keep clear of the speaker's face and of where pages write names.
 */
const FINDER = [1, 0, 1, 1, 1, 0, 1, 0];
const NUMBER_BITS = 16;
const CHECK_BITS = 4;

/** The number of blocks in the row. */
export const STAMP_BLOCKS = FINDER.length + NUMBER_BITS + CHECK_BITS;

/** Where the stamp is in a picture of this height: the first block's corner, a block's side, and the flash square's corner and side. */
export function stampGeometry(heightPx: number): {
  x: number;
  y: number;
  unit: number;
  flash: { x: number; y: number; side: number };
} {
  const unit = Math.round(heightPx / 22.5);
  return { x: 2 * unit, y: 12 * unit, unit, flash: { x: 32 * unit, y: 11 * unit, side: 4 * unit } };
}

/** The blocks of a number, true for white. */
export function stampBlocks(number: number): boolean[] {
  const bits = [...FINDER];
  for (let i = NUMBER_BITS - 1; i >= 0; i--) bits.push((number >> i) & 1);
  const check = checksum(number);
  for (let i = CHECK_BITS - 1; i >= 0; i--) bits.push((check >> i) & 1);
  return bits.map((bit) => bit === 1);
}

/** The number in a row of blocks given their brightness (0–255), or undefined when it is no stamp. */
export function readStamp(brightness: (block: number) => number): number | undefined {
  let white = 255;
  let black = 0;
  for (let i = 0; i < FINDER.length; i++) {
    if (FINDER[i] === 1) white = Math.min(white, brightness(i));
    else black = Math.max(black, brightness(i));
  }
  if (white - black < 80) return undefined;
  const middle = (white + black) / 2;
  let value = 0;
  for (let i = FINDER.length; i < STAMP_BLOCKS; i++) value = (value << 1) | (brightness(i) > middle ? 1 : 0);
  const number = value >> CHECK_BITS;
  return checksum(number) === (value & ((1 << CHECK_BITS) - 1)) ? number : undefined;
}

/** A CRC of 4 bits (x⁴ + x + 1): one wrong block, or two neighbours, never pass. */
function checksum(number: number): number {
  let rest = 0;
  for (let i = NUMBER_BITS - 1; i >= 0; i--) {
    const bit = ((number >> i) & 1) ^ ((rest >> 3) & 1);
    rest = ((rest << 1) & 15) ^ (bit ? 3 : 0);
  }
  return rest ^ 10; // so that all black is no stamp of 0
}

/** A picture with planes Y, U, V of 4:2:0 in one buffer, without padding. */
export interface PlanarPicture {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The number that stands in a picture, or undefined when it cannot be read. */
export function stampOf({ data, widthPx, heightPx }: PlanarPicture): number | undefined {
  const { x, y, unit } = stampGeometry(heightPx);
  return readStamp((block) => data[(y + unit) * widthPx + x + Math.floor((block + 0.5) * unit)] ?? 0);
}

/** Paints a number, and the flash square, into a picture. */
export function paintStamp(picture: PlanarPicture, stamp: { number: number; flash: boolean }): void {
  const { x, y, unit, flash } = stampGeometry(picture.heightPx);
  fill(picture, { x: x - unit, y: y - unit, width: (STAMP_BLOCKS + 2) * unit, height: 4 * unit, white: false });
  fill(picture, { x: flash.x - unit, y: flash.y - unit, width: 6 * unit, height: 6 * unit, white: false });
  fill(picture, { x: flash.x, y: flash.y, width: flash.side, height: flash.side, white: stamp.flash });
  stampBlocks(stamp.number).forEach((white, block) => {
    fill(picture, { x: x + block * unit, y, width: unit, height: 2 * unit, white });
  });
}

function fill(
  { data, widthPx, heightPx }: PlanarPicture,
  area: { x: number; y: number; width: number; height: number; white: boolean },
): void {
  for (let row = area.y; row < area.y + area.height; row++) {
    const start = row * widthPx + area.x;
    data.fill(area.white ? 235 : 16, start, start + area.width);
  }
  const chroma = widthPx / 2;
  for (let plane = 0; plane < 2; plane++) {
    const base = widthPx * heightPx + plane * chroma * (heightPx / 2);
    for (let row = area.y >> 1; row < (area.y + area.height) >> 1; row++) {
      const start = base + row * chroma + (area.x >> 1);
      data.fill(128, start, start + (area.width >> 1));
    }
  }
}
