const HEADERS_END = Buffer.from("\r\n\r\n");
/** The headers of a part are much shorter. */
const MAX_HEADERS_BYTES = 1_024;
const MAX_PART_BYTES = 64 * 1024 * 1024;

/**
 * Takes the multipart stream of FFmpeg's `mpjpeg` format apart, in pieces of any size. Each part says how long it is, so
 * a frame is complete with its last byte; in a bare H.264 stream it would be only with the first byte of the next.
 */
export class MultipartSplitter {
  #data: Buffer = Buffer.alloc(0);
  #needed = 0;

  /** Returns the parts that `chunk` completes. Throws a `RangeError` on foreign data. */
  push(chunk: Buffer): Buffer[] {
    this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk]);
    const parts: Buffer[] = [];
    for (let part = this.#take(); part; part = this.#take()) parts.push(part);
    return parts;
  }

  #take(): Buffer | undefined {
    if (this.#needed === 0) this.#readHeaders();
    if (this.#needed === 0 || this.#data.length < this.#needed) return undefined;
    const part = this.#data.subarray(0, this.#needed);
    this.#data = this.#data.subarray(this.#needed);
    this.#needed = 0;
    return part;
  }

  #readHeaders(): void {
    const end = this.#data.indexOf(HEADERS_END);
    if (end < 0) {
      if (this.#data.length > MAX_HEADERS_BYTES) throw new RangeError("This is no multipart stream.");
      return;
    }
    const length = /content-length: *(\d+)/i.exec(this.#data.toString("latin1", 0, end));
    this.#needed = Number(length?.[1] ?? 0);
    if (this.#needed <= 0 || this.#needed > MAX_PART_BYTES) throw new RangeError("A part has no length.");
    this.#data = this.#data.subarray(end + HEADERS_END.length);
  }
}
