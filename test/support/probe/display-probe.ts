import { readStamp, STAMP_BLOCKS, stampGeometry } from "../stamp.ts";

/** What was seen of one participant. */
export interface Seen {
  /** Each number when it was first seen. */
  readonly frames: { number: number; atMs: number }[];
  /** The first frame that was seen of each flash. */
  readonly flashes: { number: number; atMs: number }[];
}

/** How often tiles are looked for whose picture is not watched yet. */
const SEARCH_EVERY_MS = 250;

/**
 * What a page displays of its other participants: the pixels of their tiles, read once for each picture that a tile
 * presents. More often would cost the page, and with it the figures, several percent of a processor.
 */
export class DisplayProbe {
  /** By the participant's id. */
  readonly seen = new Map<string, Seen>();
  readonly #lit = new Map<string, boolean>();
  readonly #watched = new WeakSet<Element>();
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor() {
    const context = new OffscreenCanvas((STAMP_BLOCKS + 1) * 4, 4).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("No 2D context.");
    this.#context = context;
    setInterval(() => this.#search(), SEARCH_EVERY_MS);
  }

  #search(): void {
    const pictures = document.querySelectorAll<HTMLElement>(
      ":is(video, canvas):is([data-peer]:not([data-kind=own]) *)",
    );
    for (const picture of pictures) {
      if (this.#watched.has(picture)) continue;
      this.#watched.add(picture);
      if (picture instanceof HTMLVideoElement) this.#watchVideo(picture);
      else if (picture instanceof HTMLCanvasElement) this.#watchCanvas(picture);
    }
  }

  #watchVideo(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback(() => {
      this.#look(video, video.videoHeight);
      this.#watchVideo(video);
    });
  }

  /** A canvas does not tell when it is drawn. */
  #watchCanvas(canvas: HTMLCanvasElement): void {
    if (!canvas.isConnected) return;
    this.#look(canvas, canvas.height);
    requestAnimationFrame(() => this.#watchCanvas(canvas));
  }

  #look(picture: HTMLVideoElement | HTMLCanvasElement, heightPx: number): void {
    const nowMs = performance.now();
    const peer = picture.closest<HTMLElement>("[data-peer]")?.dataset["peer"];
    if (!peer || heightPx < 90) return;
    const { number, flash } = this.#read(picture, heightPx);
    if (number === undefined) return;
    const seen = this.seen.get(peer) ?? { frames: [], flashes: [] };
    this.seen.set(peer, seen);
    if (seen.frames.at(-1)?.number !== number) seen.frames.push({ number, atMs: nowMs });
    if (flash && this.#lit.get(peer) === false) seen.flashes.push({ number, atMs: nowMs });
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
    const context = this.#context;
    context.drawImage(picture, left, top, STAMP_BLOCKS * unit * scale, unit * scale, 0, 0, width, 4);
    const side = (flash.side / 2) * scale;
    const [flashX, flashY] = [flash.x * scale + side / 2, flash.y * scale + side / 2];
    context.drawImage(picture, flashX, flashY, side, side, width, 0, 4, 4);
    const { data } = context.getImageData(0, 0, width + 4, 4);
    const at = (column: number) => data[((width + 4) * 2 + column) * 4 + 1] ?? 0;
    return {
      number: readStamp((block) => (at(block * 4 + 1) + at(block * 4 + 2)) / 2),
      flash: at(width + 2) > 127,
    };
  }
}
