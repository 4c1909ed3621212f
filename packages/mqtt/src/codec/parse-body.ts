import type { ByteReader } from "./byte-reader.ts";
import { MalformedPacketError, malformed, violation } from "./malformed-packet-error.ts";
import type { AcknowledgementPacket, Packet, ProtocolLevel, PublishPacket, QoS, Subscription } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import type { PublishProperties } from "./properties.ts";
import { readProperties } from "./read-properties.ts";
import { isReasonCode, ReasonCode } from "./reason-code.ts";
import { isTopicFilter, isTopicName } from "./topic-syntax.ts";

/** Parses what comes after the fixed header of any packet but CONNECT. `flags` are the header's, already checked. */
export function parseBody(
  reader: ByteReader,
  header: { readonly type: number; readonly flags: number },
  level: ProtocolLevel,
): Packet {
  switch (header.type) {
    case PacketType.connack:
      return parseConnack(reader, level);
    case PacketType.publish:
      return parsePublish(reader, header.flags, level);
    case PacketType.puback:
      return parseAcknowledgement(reader, "puback", level);
    case PacketType.pubrec:
      return parseAcknowledgement(reader, "pubrec", level);
    case PacketType.pubrel:
      return parseAcknowledgement(reader, "pubrel", level);
    case PacketType.pubcomp:
      return parseAcknowledgement(reader, "pubcomp", level);
    case PacketType.subscribe:
      return parseSubscribe(reader, level);
    case PacketType.suback:
      return { type: "suback", ...parseSubscribeAnswer(reader, PacketType.suback, level) };
    case PacketType.unsubscribe:
      return parseUnsubscribe(reader, level);
    case PacketType.unsuback:
      return { type: "unsuback", ...parseSubscribeAnswer(reader, PacketType.unsuback, level) };
    case PacketType.pingreq:
      return { type: "pingreq" };
    case PacketType.pingresp:
      return { type: "pingresp" };
    case PacketType.disconnect:
      return { type: "disconnect", ...parseReason(reader, PacketType.disconnect, level) };
    default:
      return { type: "auth", ...parseReason(reader, PacketType.auth, level) };
  }
}

function parsePublish(reader: ByteReader, flags: number, level: ProtocolLevel): PublishPacket {
  const topic = reader.text();
  const qos = ((flags >> 1) & 3) as QoS;
  const packetId = qos > 0 ? reader.u16() : undefined;
  if (packetId === 0) throw violation("the packet id is 0");
  const properties: PublishProperties | undefined =
    level === 5 ? readProperties(reader, PacketType.publish) : undefined;
  if (properties !== undefined) checkPublishProperties(properties);
  if (topic === "" ? properties?.topicAlias === undefined : !isTopicName(topic)) {
    throw malformed("the topic is empty or contains a wildcard");
  }
  return {
    type: "publish",
    topic,
    payload: reader.rest(),
    qos,
    retain: (flags & 1) === 1,
    dup: (flags & 8) === 8,
    packetId,
    properties,
  };
}

function checkPublishProperties({ topicAlias, responseTopic }: PublishProperties): void {
  if (topicAlias === 0) throw new MalformedPacketError(ReasonCode.topicAliasInvalid, "The topic alias is 0.");
  if (responseTopic !== undefined && !isTopicName(responseTopic)) {
    throw violation("the response topic is empty or contains a wildcard");
  }
}

function parseConnack(reader: ByteReader, level: ProtocolLevel): Packet {
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

/** Reason code and properties, both of which may be left out. */
function parseReason(reader: ByteReader, type: number, level: ProtocolLevel) {
  const reasonCode = level === 5 && reader.remaining > 0 ? reader.u8() : 0;
  const properties = level === 5 && reader.remaining > 0 ? readProperties(reader, type) : undefined;
  reader.finish();
  if (!isReasonCode(type, reasonCode)) throw unknownReason(reasonCode);
  return { reasonCode, properties };
}

function parseSubscribe(reader: ByteReader, level: ProtocolLevel): Packet {
  const packetId = readPacketId(reader, ReasonCode.malformedPacket);
  const properties = level === 5 ? readProperties(reader, PacketType.subscribe) : undefined;
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
  const properties = level === 5 ? readProperties(reader, PacketType.unsubscribe) : undefined;
  const filters: string[] = [];
  do filters.push(readFilter(reader));
  while (reader.remaining > 0);
  return { type: "unsubscribe", packetId, filters, properties };
}

function parseSubscribeAnswer(reader: ByteReader, type: number, level: ProtocolLevel) {
  const packetId = readPacketId(reader, ReasonCode.protocolError);
  const properties = level === 5 ? readProperties(reader, type) : undefined;
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

function readPacketId(reader: ByteReader, reasonCode: number): number {
  const packetId = reader.u16();
  if (packetId === 0) throw new MalformedPacketError(reasonCode, "The packet id is 0.");
  return packetId;
}

function readFilter(reader: ByteReader): string {
  const filter = reader.text();
  if (!isTopicFilter(filter)) throw malformed("a topic filter is not valid");
  return filter;
}

function unknownReason(reasonCode: number): MalformedPacketError {
  return violation(`${reasonCode} is no reason code of this packet`);
}
