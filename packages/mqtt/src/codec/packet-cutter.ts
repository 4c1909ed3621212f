import { ByteReader } from "./byte-reader.ts";
import { MalformedPacketError, malformed, violation } from "./malformed-packet-error.ts";
import { PacketType } from "./packet-type.ts";
import type { PacketHeader } from "./parse-fields.ts";
import { ReasonCode } from "./reason-code.ts";

/** What a {@link PacketCutter} finds in the stream, and what of it is allowed. */
export interface PacketGrammar<P> {
  /** Whether this type of packet may come now; throws {@link MalformedPacketError} otherwise. */
  allow(type: number): void;
  parse(reader: ByteReader, header: PacketHeader): P;
}

/** A buffer for a packet in pieces starts at most this large, so that an announced length alone costs no memory. */
const FIRST_BUFFER_BYTES = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** Cuts a byte stream, however it is split, into packets. Copies only those that did not arrive in one chunk. */
export class PacketCutter<P> {
  maxPacketBytes: number;
  readonly #grammar: PacketGrammar<P>;
  #chunk: Uint8Array = NOTHING;
  #offset = 0;
  /** The beginning of a packet that has not fully arrived, and how much of it is there. */
  #partial: Uint8Array | undefined;
  #partialBytes = 0;
  /** Once a packet was malformed, what follows is never parsed. */
  #error: MalformedPacketError | undefined;

  constructor(maxPacketBytes: number, grammar: PacketGrammar<P>) {
    this.maxPacketBytes = maxPacketBytes;
    this.#grammar = grammar;
  }

  /**
   * Takes a chunk over and returns its packets, each parsed when it is asked for. Whoever stops early goes on with
   * {@link packets} or with the next chunk. Iterating throws {@link MalformedPacketError} after the last good packet.
   */
  push(chunk: Uint8Array): IterableIterator<P> {
    const left = this.#chunk.length - this.#offset;
    if (this.#error) return this.packets();
    if (left > 0) {
      const joined = new Uint8Array(left + chunk.length);
      joined.set(this.#chunk.subarray(this.#offset));
      joined.set(chunk, left);
      this.#chunk = joined;
    } else {
      this.#chunk = chunk;
    }
    this.#offset = 0;
    return this.packets();
  }

  /** The packets that have arrived and were not taken yet. */
  *packets(): IterableIterator<P> {
    for (let packet = this.next(); packet; packet = this.next()) yield packet;
  }

  /** The next packet, or undefined when there is none yet. Throws {@link MalformedPacketError}, then always. */
  next(): P | undefined {
    if (this.#error) throw this.#error;
    try {
      const packet = this.#partial ? this.#completePartial(this.#partial) : this.#parseInPlace();
      if (!packet) this.#letGo();
      return packet;
    } catch (error) {
      if (error instanceof MalformedPacketError) {
        this.#error = error;
        this.#letGo();
        this.#partial = undefined;
      }
      throw error;
    }
  }

  /** A chunk of which nothing is left is not kept. */
  #letGo(): void {
    this.#chunk = NOTHING;
    this.#offset = 0;
  }

  #parseInPlace(): P | undefined {
    const chunk = this.#chunk;
    const start = this.#offset;
    const available = chunk.length - start;
    if (available === 0) return undefined;
    const size = this.#packetBytes(chunk, start, chunk.length);
    if (size !== undefined && size <= available) {
      this.#offset = start + size;
      return this.#parse(chunk, start, size);
    }
    this.#partial = new Uint8Array(Math.max(available, Math.min(size ?? 8, FIRST_BUFFER_BYTES)));
    this.#partial.set(chunk.subarray(start));
    this.#partialBytes = available;
    this.#offset = chunk.length;
    return undefined;
  }

  #completePartial(partial: Uint8Array): P | undefined {
    let size = this.#packetBytes(partial, 0, this.#partialBytes);
    while (size === undefined && this.#offset < this.#chunk.length) {
      partial[this.#partialBytes++] = this.#chunk[this.#offset++] as number;
      size = this.#packetBytes(partial, 0, this.#partialBytes);
    }
    if (size === undefined) return undefined;
    const wanted = Math.min(size - this.#partialBytes, this.#chunk.length - this.#offset);
    const buffer = this.#roomFor(partial, this.#partialBytes + wanted, size);
    buffer.set(this.#chunk.subarray(this.#offset, this.#offset + wanted), this.#partialBytes);
    this.#offset += wanted;
    this.#partialBytes += wanted;
    if (this.#partialBytes < size) return undefined;
    this.#partial = undefined;
    return this.#parse(buffer, 0, size);
  }

  #roomFor(partial: Uint8Array, needed: number, packetBytes: number): Uint8Array {
    if (needed <= partial.length) return partial;
    const wish = Math.max(needed, partial.length * 2, FIRST_BUFFER_BYTES);
    const larger = new Uint8Array(Math.min(wish, packetBytes));
    larger.set(partial.subarray(0, this.#partialBytes));
    this.#partial = larger;
    return larger;
  }

  /** The size of the packet at `start`, or undefined when its fixed header is not complete. */
  #packetBytes(bytes: Uint8Array, start: number, end: number): number | undefined {
    const first = bytes[start] as number;
    checkFlags(first >> 4, first & 15);
    this.#grammar.allow(first >> 4);
    let remaining = 0;
    for (let at = start + 1, shift = 0; at < end; at++, shift += 7) {
      const byte = bytes[at] as number;
      remaining |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw malformed("its length is written with more bytes than it needs");
        return this.#checkedSize(first >> 4, at + 1 - start, remaining);
      }
      if (shift === 21) throw malformed("its length has more than four bytes");
    }
    return undefined;
  }

  #checkedSize(type: number, headerBytes: number, remaining: number): number {
    const size = headerBytes + remaining;
    if (size > this.maxPacketBytes) {
      throw new MalformedPacketError(
        ReasonCode.packetTooLarge,
        `A packet of ${size} bytes is larger than the allowed ${this.maxPacketBytes}.`,
      );
    }
    if (remaining > 0 && (type === PacketType.pingreq || type === PacketType.pingresp))
      throw malformed("a PINGREQ or PINGRESP has a body");
    return size;
  }

  #parse(bytes: Uint8Array, start: number, size: number): P {
    const first = bytes[start] as number;
    let body = start + 2;
    while ((bytes[body - 1] as number) >= 0x80) body++;
    const reader = new ByteReader(bytes, body, start + size);
    return this.#grammar.parse(reader, { type: first >> 4, flags: first & 15 });
  }
}

function checkFlags(type: number, flags: number): void {
  if (type === 0) throw violation("packet type 0 does not exist");
  if (type !== PacketType.publish) {
    const fixed = type === PacketType.pubrel || type === PacketType.subscribe || type === PacketType.unsubscribe;
    if (flags !== (fixed ? 2 : 0)) throw malformed("a reserved flag is set");
    return;
  }
  if ((flags & 6) === 6) throw malformed("QoS 3 does not exist");
  if ((flags & 14) === 8) throw malformed("a PUBLISH with QoS 0 is never a duplicate");
}
