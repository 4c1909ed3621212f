import { utf8Bytes, writeUtf8 } from "./utf8.ts";

/** The greatest variable byte integer, and so the greatest remaining length. */
export const MAX_VARINT = 268_435_455;

/** How many bytes `value` takes as a variable byte integer. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}

/** Writes a variable byte integer at `offset` and returns where it ends. */
export function writeVarint(value: number, target: Uint8Array, offset: number): number {
  let rest = value;
  let at = offset;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Throws a RangeError unless `value` is a whole number from 0 to `max`. */
export function checkRange(value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${value} is not a whole number from 0 to ${max}.`);
  }
}

/** Collects the fields of one packet, big-endian. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  u8(value: number): void {
    checkRange(value, 0xff);
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    checkRange(value, 0xffff);
    const at = this.#grow(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value & 0xff;
  }

  u32(value: number): void {
    checkRange(value, 0xffff_ffff);
    this.u16(Math.floor(value / 0x10000));
    this.u16(value % 0x10000);
  }

  varint(value: number): void {
    checkRange(value, MAX_VARINT);
    const at = this.#grow(varintBytes(value));
    writeVarint(value, this.#bytes, at);
  }

  text(text: string): void {
    const size = utf8Bytes(text);
    this.u16(size);
    const at = this.#grow(size);
    writeUtf8(text, size, this.#bytes, at);
  }

  binary(bytes: Uint8Array): void {
    checkRange(bytes.length, 0xffff);
    this.u16(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** What has been written, as a view. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where the next `size` bytes go. Replaces `#bytes`, which must therefore be read only after it. */
  #grow(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}
