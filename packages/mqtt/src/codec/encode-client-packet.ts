import { ByteWriter, checkRange, MAX_VARINT, varintBytes, writeVarint } from "./byte-writer.ts";
import { encodePublish } from "./encode-publish.ts";
import type {
  AcknowledgementPacket,
  ConnectPacket,
  DisconnectPacket,
  Packet,
  PingreqPacket,
  ProtocolLevel,
  PublishPacket,
  SubscribePacket,
  UnsubscribePacket,
  Will,
} from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import type { Properties } from "./properties.ts";
import { WILL } from "./property-table.ts";
import { encodeProperties } from "./write-properties.ts";

/** What a client may send, but AUTH. */
export type ClientPacket =
  | ConnectPacket
  | PublishPacket
  | AcknowledgementPacket
  | SubscribePacket
  | UnsubscribePacket
  | PingreqPacket
  | DisconnectPacket;

/** As `encodePacket`, for the packets that a client sends: a browser loads no more than it needs. */
export function encodeClientPacket(packet: ClientPacket, level: ProtocolLevel): Uint8Array {
  if (packet.type === "publish") return encodePublish(packet, level);
  const writer = new ByteWriter();
  switch (packet.type) {
    case "connect":
      writeConnect(writer, packet);
      break;
    case "subscribe":
      writeSubscribe(writer, packet, level);
      break;
    case "unsubscribe":
      writeUnsubscribe(writer, packet, level);
      break;
    case "disconnect":
      if (level === 5) writeReason(writer, packet, PacketType.disconnect);
      break;
    case "pingreq":
      break;
    default:
      writeAcknowledgement(writer, packet, level);
  }
  return frame(packet.type, writer.bytes);
}

/** The packet around its body. */
export function frame(type: Packet["type"], body: Uint8Array): Uint8Array {
  checkRange(body.length, MAX_VARINT);
  const start = 1 + varintBytes(body.length);
  const bytes = new Uint8Array(start + body.length);
  const flags = type === "pubrel" || type === "subscribe" || type === "unsubscribe" ? 2 : 0;
  bytes[0] = (PacketType[type] << 4) | flags;
  writeVarint(body.length, bytes, 1);
  bytes.set(body, start);
  return bytes;
}

function writeConnect(writer: ByteWriter, packet: ConnectPacket): void {
  const { level, will, username, password } = packet;
  writer.text(level === 3 ? "MQIsdp" : "MQTT");
  writer.u8(level);
  writer.u8(connectFlags(packet));
  writer.u16(packet.keepAliveS);
  if (level === 5) writer.raw(encodeProperties(packet.properties, PacketType.connect));
  writer.text(packet.clientId);
  if (will) writeWill(writer, will, level);
  if (username !== undefined) writer.text(username);
  if (password !== undefined) writer.binary(password);
}

function connectFlags({ level, cleanStart, will, username, password }: ConnectPacket): number {
  if (level < 5 && password !== undefined && username === undefined) {
    throw new TypeError("Before MQTT 5 a password needs a user name.");
  }
  const willFlags = will ? 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0) : 0;
  const credentials = (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  return credentials | willFlags | (cleanStart ? 2 : 0);
}

function writeWill(writer: ByteWriter, will: Will, level: ConnectPacket["level"]): void {
  checkRange(will.qos, 2);
  if (level === 5) writer.raw(encodeProperties(will.properties, WILL));
  writer.text(will.topic);
  writer.binary(will.payload);
}

function writeAcknowledgement(writer: ByteWriter, packet: AcknowledgementPacket, level: ProtocolLevel): void {
  writePacketId(writer, packet.packetId);
  if (level === 5) writeReason(writer, packet, PacketType[packet.type]);
}

/** Reason code and properties, each left out when it says nothing. */
export function writeReason(
  writer: ByteWriter,
  packet: { readonly reasonCode: number; readonly properties?: Properties | undefined },
  type: number,
): void {
  const properties = encodeProperties(packet.properties, type);
  if (packet.reasonCode === 0 && properties.length === 1) return;
  writer.u8(packet.reasonCode);
  if (properties.length > 1) writer.raw(properties);
}

function writeSubscribe(writer: ByteWriter, packet: SubscribePacket, level: ProtocolLevel): void {
  if (packet.subscriptions.length === 0) throw new RangeError("A SUBSCRIBE needs a filter.");
  writePacketId(writer, packet.packetId);
  if (level === 5) writer.raw(encodeProperties(packet.properties, PacketType.subscribe));
  for (const { filter, qos, noLocal, retainAsPublished, retainHandling } of packet.subscriptions) {
    checkRange(qos, 2);
    checkRange(retainHandling, 2);
    writer.text(filter);
    const options = (noLocal ? 0x04 : 0) | (retainAsPublished ? 0x08 : 0) | (retainHandling << 4);
    writer.u8(level === 5 ? qos | options : qos);
  }
}

function writeUnsubscribe(writer: ByteWriter, packet: UnsubscribePacket, level: ProtocolLevel): void {
  if (packet.filters.length === 0) throw new RangeError("An UNSUBSCRIBE needs a filter.");
  writePacketId(writer, packet.packetId);
  if (level === 5) writer.raw(encodeProperties(packet.properties, PacketType.unsubscribe));
  for (const filter of packet.filters) writer.text(filter);
}

/** A packet id, which is not 0. */
export function writePacketId(writer: ByteWriter, packetId: number): void {
  if (packetId === 0) throw new RangeError("A packet id is not 0.");
  writer.u16(packetId);
}
