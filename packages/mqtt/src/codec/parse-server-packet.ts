import type { ByteReader } from "./byte-reader.ts";
import { malformed, violation } from "./malformed-packet-error.ts";
import type {
  AcknowledgementPacket,
  ConnackPacket,
  DisconnectPacket,
  PingrespPacket,
  ProtocolLevel,
  PublishPacket,
  SubackPacket,
  UnsubackPacket,
} from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { type PacketHeader, parseReason, readLevelProperties, readPacketId, unknownReason } from "./parse-fields.ts";
import { parsePublish } from "./parse-publish.ts";
import { readProperties } from "./read-properties.ts";
import { isReasonCode, ReasonCode } from "./reason-code.ts";

/** What a server sends, but AUTH, which our client never asks for. */
export type ServerPacket =
  | ConnackPacket
  | PublishPacket
  | AcknowledgementPacket
  | SubackPacket
  | UnsubackPacket
  | PingrespPacket
  | DisconnectPacket;

/** Parses what comes after the fixed header of the packets that a server sends. */
export function parseServerPacket(
  reader: ByteReader,
  { type, flags }: PacketHeader,
  level: ProtocolLevel,
): ServerPacket {
  switch (type) {
    case PacketType.connack:
      return parseConnack(reader, level);
    case PacketType.publish:
      return parsePublish(reader, flags, level);
    case PacketType.puback:
      return parseAcknowledgement(reader, "puback", level);
    case PacketType.pubrec:
      return parseAcknowledgement(reader, "pubrec", level);
    case PacketType.pubrel:
      return parseAcknowledgement(reader, "pubrel", level);
    case PacketType.pubcomp:
      return parseAcknowledgement(reader, "pubcomp", level);
    case PacketType.suback:
      return { type: "suback", ...parseSubscribeAnswer(reader, type, level) };
    case PacketType.unsuback:
      return { type: "unsuback", ...parseSubscribeAnswer(reader, type, level) };
    case PacketType.pingresp:
      return { type: "pingresp" };
    case PacketType.disconnect:
      return { type: "disconnect", ...parseReason(reader, type, level) };
    default:
      throw violation(`packet type ${type} does not belong here`);
  }
}

function parseConnack(reader: ByteReader, level: ProtocolLevel): ConnackPacket {
  const acknowledge = reader.u8();
  if (acknowledge > 1) throw malformed("a reserved flag of CONNACK is set");
  const reasonCode = reader.u8();
  // A server without MQTT 5 refuses in the form of 3.1.1: without properties, and with its return codes.
  const old = level === 4 || (reader.remaining === 0 && reasonCode < 0x80);
  if (old ? reasonCode > 5 : !isReasonCode(PacketType.connack, reasonCode)) throw unknownReason(reasonCode);
  const properties = level === 5 && reader.remaining > 0 ? readProperties(reader, PacketType.connack) : undefined;
  reader.finish();
  return { type: "connack", sessionPresent: acknowledge === 1, reasonCode, properties };
}

function parseAcknowledgement(
  reader: ByteReader,
  type: AcknowledgementPacket["type"],
  level: ProtocolLevel,
): AcknowledgementPacket {
  const packetId = readPacketId(reader, ReasonCode.protocolError);
  return { type, packetId, ...parseReason(reader, PacketType[type], level) };
}

function parseSubscribeAnswer(reader: ByteReader, type: number, level: ProtocolLevel) {
  const packetId = readPacketId(reader, ReasonCode.protocolError);
  const properties = readLevelProperties(reader, type, level);
  const reasonCodes: number[] = [];
  if (level === 4 && type === PacketType.unsuback) {
    reader.finish();
    return { packetId, reasonCodes, properties };
  }
  do reasonCodes.push(readSubscribeReason(reader, type, level));
  while (reader.remaining > 0);
  return { packetId, reasonCodes, properties };
}

function readSubscribeReason(reader: ByteReader, type: number, level: ProtocolLevel): number {
  const code = reader.u8();
  const known = level === 4 ? code <= 2 || code === 0x80 : isReasonCode(type, code);
  if (!known) throw unknownReason(code);
  return code;
}
