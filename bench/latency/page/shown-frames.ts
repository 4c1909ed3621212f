import { readStamp, STAMP_BLOCKS, stampGeometry } from "../../../test/support/stamp.ts";

/** Reads, again and again, the stamp of what an element shows, and notes when each number was first seen. */
export class ShownFrames {
  /** When frame n was first seen, in milliseconds of the page's clock. */
  readonly shownMs = new Map<number, number>();
  readonly #element: HTMLVideoElement;

  constructor(element: HTMLVideoElement) {
    this.#element = element;
  }

  /**
   * Called once for each displayed picture of the page. Takes what the element shows now, and reads of it only the row of
   * the stamp: drawing all of the picture on a canvas, 120 times a second, would be most of the page's work, and delay what it
   * measures.
   */
  look(nowMs: number): void {
    if (this.#element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const frame = new VideoFrame(this.#element);
    void this.#read(frame, nowMs).finally(() => frame.close());
  }

  async #read(frame: VideoFrame, nowMs: number): Promise<void> {
    if (!frame.visibleRect) return;
    const { x, y, unit } = stampGeometry(frame.visibleRect.height);
    const rect = { x: even(x), y: even(y + unit / 2), width: STAMP_BLOCKS * unit, height: 2 };
    const data = new Uint8Array(frame.allocationSize({ rect }));
    const [luma] = await frame.copyTo(data, { rect });
    if (!luma) return;
    const number = readStamp((block) => data[luma.offset + Math.floor((block + 0.5) * unit)] ?? 0);
    if (number !== undefined && !this.shownMs.has(number)) this.shownMs.set(number, nowMs);
  }
}

/** Chroma planes have half as many samples. */
function even(value: number): number {
  return 2 * Math.floor(value / 2);
}
