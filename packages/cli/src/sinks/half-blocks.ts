import type { RgbCanvas } from "./rgb-canvas.ts";

/** "truecolor" where the terminal knows 16 million colours, else the 256 of old. */
export type ColourDepth = "truecolor" | "256";

/** The upper half of a character cell in the colour of the letters; the ground is the lower half. */
const UPPER_HALF = "▀";

/** The canvas as lines of half blocks, two pixels a cell, from the upper left corner of the terminal. */
export function halfBlocks(canvas: RgbCanvas, depth: ColourDepth): string {
  const { rgb, widthPx, heightPx } = canvas;
  const colour = depth === "truecolor" ? trueColour : indexedColour;
  let out = "\x1b[H";
  for (let y = 0; y + 1 < heightPx; y += 2) {
    let last = "";
    for (let x = 0; x < widthPx; x++) {
      const upper = (y * widthPx + x) * 3;
      const cell = `\x1b[38;${colour(rgb, upper)};48;${colour(rgb, upper + widthPx * 3)}m`;
      // Neighbours of one colour are usual, and their codes are most of the bytes.
      out += cell === last ? UPPER_HALF : cell + UPPER_HALF;
      last = cell;
    }
    out += y + 3 < heightPx ? "\x1b[0m\r\n" : "\x1b[0m";
  }
  return out;
}

function trueColour(rgb: Uint8Array, i: number): string {
  return `2;${rgb[i]};${rgb[i + 1]};${rgb[i + 2]}`;
}

/** The cube of 6 × 6 × 6 colours begins at 16. */
function indexedColour(rgb: Uint8Array, i: number): string {
  const step = (value = 0) => Math.round((value * 5) / 255);
  return `5;${16 + 36 * step(rgb[i]) + 6 * step(rgb[i + 1]) + step(rgb[i + 2])}`;
}
