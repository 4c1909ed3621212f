import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "./program.ts";
import { readStamp, STAMP_BLOCKS } from "./stamp.ts";

/** A screen without hardware, whose pixels can be read: Xvfb with its frame buffer in a file. */
export class VirtualDisplay implements AsyncDisposable {
  /** For the environment variable DISPLAY. */
  readonly name: string;
  readonly #xvfb: Program;
  readonly #folder: string;
  readonly #file: number;
  readonly #layout: { start: number; stride: number; widthPx: number; heightPx: number };

  private constructor(xvfb: Program, { folder, name }: { folder: string; name: string }) {
    this.#xvfb = xvfb;
    this.#folder = folder;
    this.name = name;
    this.#file = openSync(join(folder, "Xvfb_screen0"), "r");
    const header = this.#read(0, 100);
    // An XWD header: its own size first, then at 4-byte steps width (4), height (5), bytes per line (12), colours (19).
    this.#layout = {
      start: header.readUInt32BE(0) + header.readUInt32BE(76) * 12,
      stride: header.readUInt32BE(48),
      widthPx: header.readUInt32BE(16),
      heightPx: header.readUInt32BE(20),
    };
  }

  static async open({ widthPx, heightPx }: { widthPx: number; heightPx: number }): Promise<VirtualDisplay> {
    const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-display-"));
    const screen = ["-screen", "0", `${widthPx}x${heightPx}x24`, "-fbdir", folder, "-nolisten", "tcp"];
    const xvfb = new Program("Xvfb", ["-displayfd", "1", ...screen]);
    const [, number] = await xvfb.says(/^(\d+)\n/m);
    return new VirtualDisplay(xvfb, { folder, name: `:${number}` });
  }

  /** Looks for a stamp on the whole screen; where it is can then be given to {@link readStampAt}. */
  findStamp(): StampPlace | undefined {
    for (let y = 2; y < this.#layout.heightPx; y += 4) {
      const place = findInRow(this.#row(y), y);
      if (place) return place;
    }
    return undefined;
  }

  /** The number that stands at a place just now. */
  readStampAt(place: StampPlace): number | undefined {
    return readInRow(this.#row(place.y), place);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    closeSync(this.#file);
    await this.#xvfb[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The green of a row of pixels. */
  #row(y: number): Uint8Array {
    const { start, stride, widthPx } = this.#layout;
    const pixels = this.#read(start + y * stride, stride);
    return Uint8Array.from({ length: widthPx }, (_, x) => pixels[x * 4 + 1] ?? 0);
  }

  #read(from: number, sizeBytes: number): Buffer {
    const bytes = Buffer.alloc(sizeBytes);
    readSync(this.#file, bytes, 0, sizeBytes, from);
    return bytes;
  }
}

/** Where a stamp's row begins on a screen, and how wide one of its blocks is there. */
export interface StampPlace {
  readonly x: number;
  readonly y: number;
  readonly unit: number;
}

/** A stamp begins with runs of 1, 1, 3, 1 and 1 blocks, white first. */
function findInRow(row: Uint8Array, y: number): StampPlace | undefined {
  const edges = [0];
  for (let x = 1; x < row.length; x++) if (isWhite(row, x) !== isWhite(row, x - 1)) edges.push(x);
  for (let i = 0; i + 5 < edges.length; i++) {
    const [x, end] = [edges[i] ?? 0, edges[i + 5] ?? 0];
    const unit = (end - x) / 7;
    const fits = [1, 1, 3, 1, 1].every((blocks, run) => {
      const width = (edges[i + run + 1] ?? 0) - (edges[i + run] ?? 0);
      return Math.abs(width - blocks * unit) < unit / 3;
    });
    if (unit > 4 && isWhite(row, x) && fits && readInRow(row, { x, y, unit }) !== undefined) return { x, y, unit };
  }
  return undefined;
}

function readInRow(row: Uint8Array, { x, unit }: StampPlace): number | undefined {
  if (x + STAMP_BLOCKS * unit > row.length) return undefined;
  return readStamp((block) => row[Math.round(x + (block + 0.5) * unit)] ?? 0);
}

function isWhite(row: Uint8Array, x: number): boolean {
  return (row[x] ?? 0) > 127;
}
