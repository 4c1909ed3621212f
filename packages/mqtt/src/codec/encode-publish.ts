import { checkRange, MAX_VARINT, varintBytes, writeVarint } from "./byte-writer.ts";
import type { ProtocolLevel, PublishPacket } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { utf8Bytes, writeUtf8 } from "./utf8.ts";
import { encodeProperties } from "./write-properties.ts";

const NO_PROPERTIES = new Uint8Array(0);

/** A PUBLISH as one buffer. */
export function encodePublish(packet: PublishPacket, level: ProtocolLevel): Uint8Array {
  const { payload } = packet;
  return encode(packet, { level, payloadBytes: payload.length, payload });
}

/**
 * Everything of a PUBLISH that stands before its payload of `payloadBytes` bytes, so that a server can send one payload
 * behind several headers.
 */
export function encodePublishHeader(
  packet: Omit<PublishPacket, "payload">,
  options: { readonly level: ProtocolLevel; readonly payloadBytes: number },
): Uint8Array {
  return encode(packet, options);
}

function encode(
  packet: Omit<PublishPacket, "payload">,
  options: { readonly level: ProtocolLevel; readonly payloadBytes: number; readonly payload?: Uint8Array },
): Uint8Array {
  const { topic, qos, packetId = 0 } = packet;
  checkPacketId(qos, packetId);
  const topicBytes = utf8Bytes(topic);
  const properties = options.level === 5 ? encodeProperties(packet.properties, PacketType.publish) : NO_PROPERTIES;
  const headerBytes = 2 + topicBytes + (qos > 0 ? 2 : 0) + properties.length;
  const remaining = headerBytes + options.payloadBytes;
  checkRange(remaining, MAX_VARINT);
  const start = 1 + varintBytes(remaining);
  const bytes = new Uint8Array(start + (options.payload ? remaining : headerBytes));
  bytes[0] = (PacketType.publish << 4) | (packet.dup ? 8 : 0) | (qos << 1) | (packet.retain ? 1 : 0);
  writeVarint(remaining, bytes, 1);
  bytes[start] = topicBytes >>> 8;
  bytes[start + 1] = topicBytes & 0xff;
  let at = start + 2;
  writeUtf8(topic, topicBytes, bytes, at);
  at += topicBytes;
  if (qos > 0) {
    bytes[at++] = packetId >>> 8;
    bytes[at++] = packetId & 0xff;
  }
  bytes.set(properties, at);
  if (options.payload) bytes.set(options.payload, at + properties.length);
  return bytes;
}

function checkPacketId(qos: number, packetId: number): void {
  checkRange(qos, 2);
  checkRange(packetId, 0xffff);
  if (qos > 0 && packetId === 0) throw new RangeError("A PUBLISH with QoS 1 or 2 needs a packet id.");
}
