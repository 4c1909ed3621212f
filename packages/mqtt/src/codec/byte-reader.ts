import { MalformedPacketError, malformed } from "./malformed-packet-error.ts";
import { ReasonCode } from "./reason-code.ts";
import { readUtf8 } from "./utf8.ts";

/** Reads the fields of one packet, big-endian. Every read past the packet's end is a {@link MalformedPacketError}. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, offset: number, end: number) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = end;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#end - this.#offset;
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  u16(): number {
    const at = this.#take(2);
    return ((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number);
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** A variable byte integer: at most four bytes, and no more than it needs. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw malformed("a variable byte integer is longer than it needs to be");
        return value;
      }
    }
    throw malformed("a variable byte integer is longer than four bytes");
  }

  /** A string with its length before it. `invalidCode` is the reason code when it is no MQTT string. */
  text(invalidCode: number = ReasonCode.malformedPacket): string {
    const size = this.u16();
    const start = this.#take(size);
    const text = readUtf8(this.#bytes, start, start + size);
    if (text === undefined) {
      throw new MalformedPacketError(invalidCode, "A string is not valid UTF-8 or contains the null character.");
    }
    return text;
  }

  /** Bytes with their length before them, as a view. */
  binary(): Uint8Array {
    const size = this.u16();
    const start = this.#take(size);
    return this.#bytes.subarray(start, start + size);
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    const start = this.#offset;
    this.#offset = this.#end;
    return this.#bytes.subarray(start, this.#end);
  }

  /** A reader of the next `size` bytes, which this one skips. */
  part(size: number): ByteReader {
    const start = this.#take(size);
    return new ByteReader(this.#bytes, start, start + size);
  }

  /** Throws unless everything has been read. */
  finish(): void {
    if (this.remaining > 0) throw malformed("a packet is longer than its content");
  }

  #take(size: number): number {
    const at = this.#offset;
    if (at + size > this.#end) throw malformed("a packet ends in the middle of a field");
    this.#offset = at + size;
    return at;
  }
}
