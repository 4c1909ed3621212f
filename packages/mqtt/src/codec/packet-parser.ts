import type { ByteReader } from "./byte-reader.ts";
import { checkNames } from "./check-names.ts";
import { violation } from "./malformed-packet-error.ts";
import type { Packet, ProtocolLevel } from "./packet.ts";
import { PacketCutter } from "./packet-cutter.ts";
import { PacketType } from "./packet-type.ts";
import { parseConnect } from "./parse-connect.ts";
import type { PacketHeader } from "./parse-fields.ts";
import { parsePacket } from "./parse-packet.ts";

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

/** What a receiver never gets, because only itself may send it. */
const FORBIDDEN: Readonly<Record<"any" | "client" | "server", readonly number[]>> = {
  any: [],
  client: [PacketType.connect, PacketType.subscribe, PacketType.unsubscribe, PacketType.pingreq],
  server: [PacketType.connack, PacketType.suback, PacketType.unsuback, PacketType.pingresp],
};

/**
 * Makes packets of a byte stream, however it is split. Packets that lie within one chunk are parsed in place, and the
 * payload of a PUBLISH is then a view of the chunk, which must not be written to afterwards.
 */
export class PacketParser {
  readonly #cutter: PacketCutter<Packet>;
  readonly #options: PacketParserOptions;
  #level: ProtocolLevel | undefined;

  constructor(options: PacketParserOptions) {
    this.#options = options;
    this.#level = options.level;
    const forbidden = FORBIDDEN[options.receiver ?? "any"];
    this.#cutter = new PacketCutter(options.maxPacketBytes, {
      allow: (type) => this.#allow(type, forbidden),
      parse: (reader, header) => this.#parse(reader, header),
    });
  }

  /** May be changed at any time, also between two packets of one chunk. */
  get maxPacketBytes(): number {
    return this.#cutter.maxPacketBytes;
  }

  set maxPacketBytes(limit: number) {
    this.#cutter.maxPacketBytes = limit;
  }

  /** Undefined until a CONNECT said it; MQTT 3.1 counts as 4. Known even when the rest of the CONNECT is malformed. */
  get level(): ProtocolLevel | undefined {
    return this.#level;
  }

  /**
   * Takes a chunk over and returns its packets, each parsed when it is asked for. Whoever stops early goes on with
   * {@link packets} or with the next chunk. Iterating throws MalformedPacketError after the last good packet.
   */
  push(chunk: Uint8Array): IterableIterator<Packet> {
    return this.#cutter.push(chunk);
  }

  /** The packets that have arrived and were not taken yet. */
  packets(): IterableIterator<Packet> {
    return this.#cutter.packets();
  }

  /** The next packet, or undefined when there is none yet. Throws MalformedPacketError, then always. */
  next(): Packet | undefined {
    return this.#cutter.next();
  }

  #allow(type: number, forbidden: readonly number[]): void {
    if (forbidden.includes(type)) throw violation(`packet type ${type} does not belong here`);
    if (this.#level === undefined && type !== PacketType.connect) throw violation("the first packet is no CONNECT");
    if (this.#level === 4 && type === PacketType.auth) throw violation("AUTH exists in MQTT 5 only");
  }

  #parse(reader: ByteReader, header: PacketHeader): Packet {
    const packet = header.type === PacketType.connect ? this.#parseConnect(reader) : this.#parseOther(reader, header);
    if (this.#options.refuseControlCharacters) checkNames(packet);
    return packet;
  }

  #parseConnect(reader: ByteReader): Packet {
    return parseConnect(reader, (level) => {
      this.#level ??= level === 3 ? 4 : level;
    });
  }

  #parseOther(reader: ByteReader, header: PacketHeader): Packet {
    const packet = parsePacket(reader, header, this.#level as ProtocolLevel);
    if (
      this.#options.receiver === "server" &&
      packet.type === "publish" &&
      packet.properties?.subscriptionIdentifiers
    ) {
      throw violation("only a server sends subscription identifiers in a PUBLISH");
    }
    return packet;
  }
}
