/** Glyphs of 5 × 7 dots: seven rows from the top, each of five bits, the left dot the highest bit. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  "0": [14, 17, 19, 21, 25, 17, 14],
  "1": [4, 12, 4, 4, 4, 4, 14],
  "2": [14, 17, 1, 2, 4, 8, 31],
  "3": [31, 2, 4, 2, 1, 17, 14],
  "4": [2, 6, 10, 18, 31, 2, 2],
  "5": [31, 16, 30, 1, 1, 17, 14],
  "6": [6, 8, 16, 30, 17, 17, 14],
  "7": [31, 1, 2, 4, 8, 8, 8],
  "8": [14, 17, 17, 14, 17, 17, 14],
  "9": [14, 17, 17, 15, 1, 2, 12],
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  C: [14, 17, 16, 16, 16, 17, 14],
  D: [30, 17, 17, 17, 17, 17, 30],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  G: [14, 17, 16, 23, 17, 17, 15],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  J: [7, 2, 2, 2, 2, 18, 12],
  K: [17, 18, 20, 24, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  P: [30, 17, 17, 30, 16, 16, 16],
  Q: [14, 17, 17, 17, 21, 18, 13],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
  V: [17, 17, 17, 17, 17, 10, 4],
  W: [17, 17, 17, 21, 21, 27, 17],
  X: [17, 17, 10, 4, 10, 17, 17],
  Y: [17, 17, 10, 4, 4, 4, 4],
  Z: [31, 1, 2, 4, 8, 16, 31],
  ".": [0, 0, 0, 0, 0, 12, 12],
  ",": [0, 0, 0, 0, 12, 4, 8],
  ":": [0, 12, 12, 0, 12, 12, 0],
  "-": [0, 0, 0, 31, 0, 0, 0],
  _: [0, 0, 0, 0, 0, 0, 31],
  "/": [1, 1, 2, 4, 8, 16, 16],
  "'": [4, 4, 0, 0, 0, 0, 0],
  "(": [2, 4, 8, 8, 8, 4, 2],
  ")": [8, 4, 2, 2, 2, 4, 8],
};

const GLYPH_WIDTH = 6;
const GLYPH_ROWS = 7;
const MARGIN = 2;

/** A picture of text: four bytes a pixel, in the order red, green, blue, alpha. */
export interface TextBitmap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgba: Uint8Array;
}

/** `text` without the characters that {@link textBitmap} has no glyph for. */
export function drawableText(text: string): string {
  const known = [...text].filter((character) => character === " " || GLYPHS[character.toUpperCase()] !== undefined);
  return known.join("").replace(/ {2,}/g, " ").trim();
}

/** Draws `text` in green on a dark, half transparent ground. A dot is `scale` pixels wide; capitals only. */
export function textBitmap(text: string, options: { readonly scale: number }): TextBitmap {
  const { scale } = options;
  const characters = [...text.toUpperCase()];
  const widthPx = (characters.length * GLYPH_WIDTH - 1 + 2 * MARGIN) * scale;
  const heightPx = (GLYPH_ROWS + 2 * MARGIN) * scale;
  const rgba = new Uint8Array(widthPx * heightPx * 4);
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 0x80;
  for (const [index, character] of characters.entries()) {
    drawGlyph({ rgba, widthPx }, { rows: GLYPHS[character] ?? [], left: MARGIN + index * GLYPH_WIDTH, scale });
  }
  return { widthPx, heightPx, rgba };
}

function drawGlyph(
  target: { readonly rgba: Uint8Array; readonly widthPx: number },
  glyph: { readonly rows: readonly number[]; readonly left: number; readonly scale: number },
): void {
  const { rows, left, scale } = glyph;
  for (const [row, bits] of rows.entries()) {
    for (let column = 0; column < 5; column++) {
      if (((bits >> (4 - column)) & 1) === 0) continue;
      fillSquare(target, { x: (left + column) * scale, y: (MARGIN + row) * scale, size: scale });
    }
  }
}

function fillSquare(
  { rgba, widthPx }: { readonly rgba: Uint8Array; readonly widthPx: number },
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): void {
  for (let row = y; row < y + size; row++) {
    for (let column = x; column < x + size; column++) rgba.set([0, 255, 0, 255], (row * widthPx + column) * 4);
  }
}
