import { readStamp, STAMP_BLOCKS, stampGeometry } from "../../../test/support/stamp.ts";

/** Reads, again and again, the stamp of what an element shows, and notes when each number was first seen. */
export class ShownFrames {
  /** When frame n was first seen, in milliseconds of the page's clock. */
  readonly shownMs = new Map<number, number>();
  readonly #element: HTMLVideoElement | HTMLCanvasElement;
  readonly #heightPx: number;
  readonly #context: CanvasRenderingContext2D;

  constructor(element: HTMLVideoElement | HTMLCanvasElement, { heightPx }: { heightPx: number }) {
    this.#element = element;
    this.#heightPx = heightPx;
    const context = new OffscreenCanvas(STAMP_BLOCKS * 4, 4).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("No 2D context.");
    this.#context = context as unknown as CanvasRenderingContext2D;
  }

  /** Called once for each displayed picture of the page. */
  look(nowMs: number): void {
    const { x, y, unit } = stampGeometry(this.#heightPx);
    const width = STAMP_BLOCKS * 4;
    // Only the row's middle: a block becomes four pixels wide.
    this.#context.drawImage(this.#element, x, y + unit / 2, STAMP_BLOCKS * unit, unit, 0, 0, width, 4);
    const { data } = this.#context.getImageData(0, 0, width, 4);
    const at = (column: number) => data[(width * 2 + column) * 4 + 1] ?? 0;
    const number = readStamp((block) => (at(block * 4 + 1) + at(block * 4 + 2)) / 2);
    if (number !== undefined && !this.shownMs.has(number)) this.shownMs.set(number, nowMs);
  }
}
