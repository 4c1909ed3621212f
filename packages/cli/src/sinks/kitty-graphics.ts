import { deflateSync } from "node:zlib";
import type { RgbCanvas } from "./rgb-canvas.ts";

/** Longer pieces are not allowed. */
const MAX_PIECE = 4_096;

/** Terminals that show pictures by kitty's graphics protocol. */
export function hasKittyGraphics(env: NodeJS.ProcessEnv): boolean {
  const program = env["TERM_PROGRAM"] ?? "";
  return (
    env["KITTY_WINDOW_ID"] !== undefined ||
    env["TERM"] === "xterm-kitty" ||
    env["TERM"] === "xterm-ghostty" ||
    program === "ghostty" ||
    program === "WezTerm"
  );
}

/** The canvas as one picture over `columns` × `rows` cells, behind the text. It replaces the one before. */
export function kittyPicture(
  canvas: RgbCanvas,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const data = deflateSync(canvas.rgb, { level: 1 }).toString("base64");
  const place = `c=${columns},r=${rows},z=-1,C=1`;
  const first = `a=T,f=24,o=z,s=${canvas.widthPx},v=${canvas.heightPx},${place},i=1,p=1,q=2,`;
  let out = "\x1b[H";
  for (let start = 0; start < data.length; start += MAX_PIECE) {
    const more = start + MAX_PIECE < data.length ? 1 : 0;
    out += `\x1b_G${start === 0 ? first : ""}m=${more};${data.slice(start, start + MAX_PIECE)}\x1b\\`;
  }
  return out;
}

/** Takes all pictures away. */
export const KITTY_CLEAR = "\x1b_Ga=d,d=A,q=2\x1b\\";
