import { readStamp, STAMP_BLOCKS, stampGeometry } from "../stamp.ts";

/** What was seen of one participant. */
export interface Seen {
  /** Each number when it was first seen. */
  readonly frames: { number: number; atMs: number }[];
  /** When a flash was first seen. */
  readonly flashesMs: number[];
}

/** What a page displays of its participants: the pixels of every tile, looked at once for each displayed picture. */
export class DisplayProbe {
  /** By the participant's id. */
  readonly seen = new Map<string, Seen>();
  readonly #lit = new Map<string, boolean>();
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor() {
    const context = new OffscreenCanvas((STAMP_BLOCKS + 1) * 4, 4).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("No 2D context.");
    this.#context = context;
    const again = () => {
      for (const tile of document.querySelectorAll<HTMLElement>("[data-peer]")) this.#look(tile, performance.now());
      requestAnimationFrame(again);
    };
    requestAnimationFrame(again);
  }

  #look(tile: HTMLElement, nowMs: number): void {
    const picture = tile.querySelector<HTMLVideoElement | HTMLCanvasElement>("video, canvas");
    const heightPx = picture instanceof HTMLVideoElement ? picture.videoHeight : (picture?.height ?? 0);
    const peer = tile.dataset["peer"];
    if (!picture || heightPx < 90 || !peer) return;
    const { number, flash } = this.#read(picture, heightPx);
    if (number === undefined) return;
    const seen = this.seen.get(peer) ?? { frames: [], flashesMs: [] };
    this.seen.set(peer, seen);
    if (seen.frames.at(-1)?.number !== number) seen.frames.push({ number, atMs: nowMs });
    if (flash && this.#lit.get(peer) === false) seen.flashesMs.push(nowMs);
    this.#lit.set(peer, flash);
  }

  #read(
    picture: HTMLVideoElement | HTMLCanvasElement,
    heightPx: number,
  ): { number: number | undefined; flash: boolean } {
    const { x, y, unit, flash } = stampGeometry(360);
    const scale = heightPx / 360;
    const width = STAMP_BLOCKS * 4;
    const [left, top] = [x * scale, (y + unit / 2) * scale];
    this.#context.drawImage(picture, left, top, STAMP_BLOCKS * unit * scale, unit * scale, 0, 0, width, 4);
    const side = (flash.side / 2) * scale;
    this.#context.drawImage(
      picture,
      flash.x * scale + side / 2,
      flash.y * scale + side / 2,
      side,
      side,
      width,
      0,
      4,
      4,
    );
    const { data } = this.#context.getImageData(0, 0, width + 4, 4);
    const at = (column: number) => data[((width + 4) * 2 + column) * 4 + 1] ?? 0;
    return {
      number: readStamp((block) => (at(block * 4 + 1) + at(block * 4 + 2)) / 2),
      flash: at(width + 2) > 127,
    };
  }
}
