import { rawPictureBytes } from "./buffer-picture.ts";
import type { Size } from "./fit-size.ts";
import type { NodePicture } from "./node-picture.ts";
import { packPlanesInto } from "./pack-planes.ts";
import { scalePicture } from "./scale-picture.ts";

const FRAME_LINE = Buffer.from("FRAME\n");

/** What a stream of uncompressed pictures says at its beginning. */
export interface Y4mHeader extends Size {
  readonly frameRate: number;
  readonly fullRange: boolean;
}

/** Buffers that wait to be used again; more are never in use at a time. */
const MAX_SPARE = 4;

/** Makes a YUV4MPEG2 stream of pictures: the first one decides the size, later ones are scaled to it. */
export class Y4mWriter {
  readonly #frameRate: number;
  readonly #spare: Buffer[] = [];
  #size: Size | undefined;

  constructor(options: { readonly frameRate: number }) {
    this.#frameRate = options.frameRate;
  }

  /** The bytes of the next frame, before the first one with the header. The caller closes `picture`. */
  write(picture: NodePicture): Buffer {
    const own = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
    const isFirst = this.#size === undefined;
    this.#size ??= own;
    const size = this.#size;
    const frame = this.#spare.pop() ?? Buffer.allocUnsafe(FRAME_LINE.length + rawPictureBytes(size));
    frame.set(FRAME_LINE);
    const planes = frame.subarray(FRAME_LINE.length);
    if (own.widthPx === size.widthPx && own.heightPx === size.heightPx) packPlanesInto(picture, planes);
    else planes.set(scalePicture(picture, size));
    if (!isFirst) return frame;
    return Buffer.concat([y4mHeader({ ...own, frameRate: this.#frameRate, fullRange: picture.fullRange }), frame]);
  }

  /**
   * Gives back what {@link write} returned and nobody reads any more, to be written over: at 10 MB a second of small
   * pictures, the garbage collector would let hundreds of megabytes wait.
   */
  recycle(bytes: Buffer): void {
    const isFrame = this.#size && bytes.length === FRAME_LINE.length + rawPictureBytes(this.#size);
    if (isFrame && this.#spare.length < MAX_SPARE) this.#spare.push(bytes);
  }
}

function y4mHeader({ widthPx, heightPx, frameRate, fullRange }: Y4mHeader): Buffer {
  const rate = `${Math.round(frameRate * 1000)}:1000`;
  const range = fullRange ? "FULL" : "LIMITED";
  return Buffer.from(`YUV4MPEG2 W${widthPx} H${heightPx} F${rate} Ip A1:1 C420jpeg XCOLORRANGE=${range}\n`);
}

/** A header longer than this is none. */
const MAX_HEADER_BYTES = 1_024;

/** Reads a YUV4MPEG2 stream in pieces of any size. */
export class Y4mReader {
  #header: Y4mHeader | undefined;
  #chunks: Buffer[] = [];
  #length = 0;

  /** Undefined before it has come. */
  get header(): Y4mHeader | undefined {
    return this.#header;
  }

  /** Takes a piece; returns the packed planes of each picture it completes. Throws a `RangeError` on foreign data. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const pictures: Buffer[] = [];
    if (!this.#header) this.#readHeader();
    if (!this.#header) return pictures;
    const pictureBytes = rawPictureBytes(this.#header);
    while (this.#length >= FRAME_LINE.length + pictureBytes) {
      const frame = this.#take(FRAME_LINE.length + pictureBytes);
      if (!frame.subarray(0, FRAME_LINE.length).equals(FRAME_LINE)) throw new RangeError("This is no YUV4MPEG2 frame.");
      pictures.push(frame.subarray(FRAME_LINE.length));
    }
    return pictures;
  }

  #readHeader(): void {
    const data = this.#join();
    const end = data.indexOf(10);
    if (end < 0 && data.length <= MAX_HEADER_BYTES) return;
    this.#header = parseHeader(data.subarray(0, Math.max(0, end)).toString("latin1"));
    this.#take(end + 1);
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    const joined = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [joined];
    return joined;
  }

  #take(count: number): Buffer {
    const data = this.#join();
    this.#chunks = data.length > count ? [data.subarray(count)] : [];
    this.#length -= count;
    return data.subarray(0, count);
  }
}

function parseHeader(line: string): Y4mHeader {
  const [magic, ...fields] = line.split(" ");
  const field = (letter: string) => fields.find((text) => text.startsWith(letter))?.slice(letter.length);
  const widthPx = Number(field("W"));
  const heightPx = Number(field("H"));
  const [rate = 0, scale = 1] = (field("F") ?? "").split(":").map(Number);
  const known = magic === "YUV4MPEG2" && widthPx > 0 && heightPx > 0 && rate > 0 && scale > 0;
  if (!known || !(field("C") ?? "420").startsWith("420")) throw new RangeError("This is no 4:2:0 YUV4MPEG2 stream.");
  return { widthPx, heightPx, frameRate: rate / scale, fullRange: field("XCOLORRANGE=") === "FULL" };
}
