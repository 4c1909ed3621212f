import type { ByteReader } from "./byte-reader.ts";
import { malformed, violation } from "./malformed-packet-error.ts";
import type { Packet, ProtocolLevel, QoS, Subscription } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { type PacketHeader, parseReason, readLevelProperties, readPacketId } from "./parse-fields.ts";
import { parseServerPacket } from "./parse-server-packet.ts";
import { ReasonCode } from "./reason-code.ts";
import { isTopicFilter } from "./topic-syntax.ts";

/** Parses what comes after the fixed header of any packet but CONNECT: those that only clients send, and the others. */
export function parsePacket(reader: ByteReader, header: PacketHeader, level: ProtocolLevel): Packet {
  switch (header.type) {
    case PacketType.subscribe:
      return parseSubscribe(reader, level);
    case PacketType.unsubscribe:
      return parseUnsubscribe(reader, level);
    case PacketType.pingreq:
      return { type: "pingreq" };
    case PacketType.auth:
      return { type: "auth", ...parseReason(reader, header.type, level) };
    default:
      return parseServerPacket(reader, header, level);
  }
}

function parseSubscribe(reader: ByteReader, level: ProtocolLevel): Packet {
  const packetId = readPacketId(reader, ReasonCode.malformedPacket);
  const properties = readLevelProperties(reader, PacketType.subscribe, level);
  const subscriptions: Subscription[] = [];
  do {
    const filter = readFilter(reader);
    subscriptions.push(subscription(filter, reader.u8(), level));
  } while (reader.remaining > 0);
  return { type: "subscribe", packetId, subscriptions, properties };
}

function subscription(filter: string, options: number, level: ProtocolLevel): Subscription {
  const qos = options & 3;
  const retainHandling = options >> 4;
  if (qos === 3 || retainHandling > 2 || (level === 4 && options > 2)) {
    throw malformed("the options of a subscription are not valid");
  }
  const noLocal = (options & 4) === 4;
  if (noLocal && filter.startsWith("$share/")) throw violation("a shared subscription cannot be no-local");
  return {
    filter,
    qos: qos as QoS,
    noLocal,
    retainAsPublished: (options & 8) === 8,
    retainHandling: retainHandling as 0 | 1 | 2,
  };
}

function parseUnsubscribe(reader: ByteReader, level: ProtocolLevel): Packet {
  const packetId = readPacketId(reader, ReasonCode.malformedPacket);
  const properties = readLevelProperties(reader, PacketType.unsubscribe, level);
  const filters: string[] = [];
  do filters.push(readFilter(reader));
  while (reader.remaining > 0);
  return { type: "unsubscribe", packetId, filters, properties };
}

function readFilter(reader: ByteReader): string {
  const filter = reader.text();
  if (!isTopicFilter(filter)) throw malformed("a topic filter is not valid");
  return filter;
}
