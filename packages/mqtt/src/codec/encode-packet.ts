import { ByteWriter } from "./byte-writer.ts";
import { encodeClientPacket, frame, writePacketId, writeReason } from "./encode-client-packet.ts";
import type { ConnackPacket, Packet, ProtocolLevel, SubackPacket, UnsubackPacket } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { encodeProperties } from "./write-properties.ts";

/**
 * The packet as one buffer, for a connection of this level (a CONNECT says its own). What 3.1.1 cannot say is left
 * out. Throws RangeError or TypeError for what cannot be written at all.
 */
export function encodePacket(packet: Packet, level: ProtocolLevel): Uint8Array {
  const writer = new ByteWriter();
  switch (packet.type) {
    case "connack":
      writeConnack(writer, packet, level);
      break;
    case "suback":
    case "unsuback":
      writeSubscribeAnswer(writer, packet, level);
      break;
    case "pingresp":
      break;
    case "auth":
      if (level !== 5) throw new TypeError("AUTH exists in MQTT 5 only.");
      writeReason(writer, packet, PacketType.auth);
      break;
    default:
      return encodeClientPacket(packet, level);
  }
  return frame(packet.type, writer.bytes);
}

function writeConnack(writer: ByteWriter, packet: ConnackPacket, level: ProtocolLevel): void {
  writer.u8(packet.sessionPresent ? 1 : 0);
  writer.u8(packet.reasonCode);
  if (level === 5) writer.raw(encodeProperties(packet.properties, PacketType.connack));
}

function writeSubscribeAnswer(writer: ByteWriter, packet: SubackPacket | UnsubackPacket, level: ProtocolLevel): void {
  writePacketId(writer, packet.packetId);
  if (level === 5) writer.raw(encodeProperties(packet.properties, PacketType[packet.type]));
  else if (packet.type === "unsuback") return;
  for (const code of packet.reasonCodes) writer.u8(code);
}
