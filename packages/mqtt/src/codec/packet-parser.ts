import { ByteReader } from "./byte-reader.ts";
import { checkNames } from "./check-names.ts";
import { MalformedPacketError, malformed, violation } from "./malformed-packet-error.ts";
import type { Packet, ProtocolLevel } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { parseBody } from "./parse-body.ts";
import { parseConnect } from "./parse-connect.ts";
import { ReasonCode } from "./reason-code.ts";

/** What a {@link PacketParser} needs to know. */
export interface PacketParserOptions {
  /** Larger packets are refused as soon as their fixed header is there. */
  readonly maxPacketBytes: number;
  /** Absent: learned from CONNECT, which is then the only packet that may come first. */
  readonly level?: ProtocolLevel | undefined;
  /** Who reads. A packet that only the reader itself may send is then a protocol error. */
  readonly receiver?: "client" | "server" | undefined;
  /** Refuse control characters in topics, filters, client ids and user names. */
  readonly refuseControlCharacters?: boolean | undefined;
}

/** A buffer for a packet in pieces starts at most this large, so that an announced length alone costs no memory. */
const FIRST_BUFFER_BYTES = 64 * 1024;

/** What a receiver never gets, because only itself may send it. */
const FORBIDDEN = {
  any: 0,
  client: mask(PacketType.connect, PacketType.subscribe, PacketType.unsubscribe, PacketType.pingreq),
  server: mask(PacketType.connack, PacketType.suback, PacketType.unsuback, PacketType.pingresp),
};
const NOTHING = new Uint8Array(0);
const WITHOUT_BODY = mask(PacketType.pingreq, PacketType.pingresp);
const WITH_FLAGS_2 = mask(PacketType.pubrel, PacketType.subscribe, PacketType.unsubscribe);

function mask(...types: readonly number[]): number {
  return types.reduce((bits, type) => bits | (1 << type), 0);
}

/**
 * Cuts a byte stream, however it is split, into packets. Packets that lie within one chunk are parsed in place, and
 * the payload of a PUBLISH is then a view of the chunk, which must not be written to afterwards.
 */
export class PacketParser {
  /** May be changed at any time, also between two packets of one chunk. */
  maxPacketBytes: number;
  #level: ProtocolLevel | undefined;
  readonly #receiver: "client" | "server" | undefined;
  readonly #refuseControlCharacters: boolean;
  #chunk: Uint8Array = NOTHING;
  #offset = 0;
  /** The beginning of a packet that has not fully arrived, and how much of it is there. */
  #partial: Uint8Array | undefined;
  #partialBytes = 0;
  /** Once a packet was malformed, what follows is never parsed. */
  #error: MalformedPacketError | undefined;

  constructor(options: PacketParserOptions) {
    this.maxPacketBytes = options.maxPacketBytes;
    this.#level = options.level;
    this.#refuseControlCharacters = options.refuseControlCharacters ?? false;
    this.#receiver = options.receiver;
  }

  /** Undefined until a CONNECT said it; MQTT 3.1 counts as 4. Known even when the rest of the CONNECT is malformed. */
  get level(): ProtocolLevel | undefined {
    return this.#level;
  }

  /**
   * Takes a chunk over and returns its packets, each parsed when it is asked for. Whoever stops early goes on with
   * {@link packets} or with the next chunk. Iterating throws {@link MalformedPacketError} after the last good packet.
   */
  push(chunk: Uint8Array): IterableIterator<Packet> {
    const left = this.#chunk.length - this.#offset;
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
  *packets(): IterableIterator<Packet> {
    for (let packet = this.next(); packet; packet = this.next()) yield packet;
  }

  /** The next packet, or undefined when there is none yet. Throws {@link MalformedPacketError}, then always. */
  next(): Packet | undefined {
    if (this.#error) throw this.#error;
    try {
      const packet = this.#partial ? this.#completePartial(this.#partial) : this.#parseInPlace();
      if (!packet) this.#letGo();
      return packet;
    } catch (error) {
      if (error instanceof MalformedPacketError) this.#error = error;
      throw error;
    }
  }

  /** A chunk of which nothing is left is not kept. */
  #letGo(): void {
    this.#chunk = NOTHING;
    this.#offset = 0;
  }

  #parseInPlace(): Packet | undefined {
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

  #completePartial(partial: Uint8Array): Packet | undefined {
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
    this.#checkFirstByte(first >> 4, first & 15);
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
    if (remaining > 0 && (WITHOUT_BODY >> type) & 1) throw malformed("a PINGREQ or PINGRESP has a body");
    return size;
  }

  #checkFirstByte(type: number, flags: number): void {
    checkFlags(type, flags);
    if ((FORBIDDEN[this.#receiver ?? "any"] >> type) & 1) throw violation(`packet type ${type} does not belong here`);
    if (this.#level === undefined && type !== PacketType.connect) throw violation("the first packet is no CONNECT");
    if (this.#level === 4 && type === PacketType.auth) throw violation("AUTH exists in MQTT 5 only");
  }

  #parse(bytes: Uint8Array, start: number, size: number): Packet {
    const packet = this.#parseAny(bytes, start, size);
    if (this.#refuseControlCharacters) checkNames(packet);
    if (this.#receiver === "server" && packet.type === "publish" && packet.properties?.subscriptionIdentifiers) {
      throw violation("only a server sends subscription identifiers in a PUBLISH");
    }
    return packet;
  }

  #parseAny(bytes: Uint8Array, start: number, size: number): Packet {
    const first = bytes[start] as number;
    const headerBytes = size <= 129 ? 2 : 1 + lengthBytes(bytes, start);
    const reader = new ByteReader(bytes, start + headerBytes, start + size);
    if (first >> 4 === PacketType.connect) {
      return parseConnect(reader, (level) => {
        this.#level ??= level === 3 ? 4 : level;
      });
    }
    return parseBody(reader, { type: first >> 4, flags: first & 15 }, this.#level as ProtocolLevel);
  }
}

function checkFlags(type: number, flags: number): void {
  if (type === 0) throw violation("packet type 0 does not exist");
  if (type !== PacketType.publish) {
    if (flags !== ((WITH_FLAGS_2 >> type) & 1) * 2) throw malformed("a reserved flag is set");
    return;
  }
  if ((flags & 6) === 6) throw malformed("QoS 3 does not exist");
  if ((flags & 14) === 8) throw malformed("a PUBLISH with QoS 0 is never a duplicate");
}

function lengthBytes(bytes: Uint8Array, start: number): number {
  let count = 1;
  while ((bytes[start + count] as number) >= 0x80) count++;
  return count;
}
