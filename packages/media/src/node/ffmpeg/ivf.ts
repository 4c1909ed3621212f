import type { Size } from "../fit-size.ts";

const FILE_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;
/** No frame of ours is larger; a longer one means that the stream is not what it says. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** The beginning of an IVF stream. `fourcc` names the codec. */
export function ivfHeader(fourcc: string, { widthPx, heightPx }: Size): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.write("DKIF", 0, "latin1");
  header.writeUInt16LE(FILE_HEADER_BYTES, 6);
  header.write(fourcc, 8, "latin1");
  header.writeUInt16LE(widthPx & 0xffff, 12);
  header.writeUInt16LE(heightPx & 0xffff, 14);
  header.writeUInt32LE(1_000, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/** What stands before a frame of IVF. */
export function ivfFrameHeader(sizeBytes: number, pts: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32LE(sizeBytes, 0);
  header.writeBigUInt64LE(BigInt(pts), 4);
  return header;
}

/** Takes an IVF stream apart, in pieces of any size. */
export class IvfSplitter {
  #data: Buffer = Buffer.alloc(0);
  #started = false;

  /** Returns the frames that `chunk` completes. Throws a `RangeError` on foreign data. */
  push(chunk: Buffer): Buffer[] {
    this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk]);
    if (!this.#started) this.#start();
    const frames: Buffer[] = [];
    while (this.#started && this.#data.length >= FRAME_HEADER_BYTES) {
      const end = FRAME_HEADER_BYTES + this.#data.readUInt32LE(0);
      if (end > MAX_FRAME_BYTES) throw new RangeError("An IVF frame is too large.");
      if (this.#data.length < end) break;
      frames.push(this.#data.subarray(FRAME_HEADER_BYTES, end));
      this.#data = this.#data.subarray(end);
    }
    return frames;
  }

  #start(): void {
    if (this.#data.length < FILE_HEADER_BYTES) return;
    if (this.#data.toString("latin1", 0, 4) !== "DKIF") throw new RangeError("This is no IVF stream.");
    this.#data = this.#data.subarray(this.#data.readUInt16LE(6));
    this.#started = true;
  }
}
