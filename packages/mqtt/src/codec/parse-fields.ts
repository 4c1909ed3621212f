import type { ByteReader } from "./byte-reader.ts";
import { MalformedPacketError, violation } from "./malformed-packet-error.ts";
import type { ProtocolLevel } from "./packet.ts";
import type { Properties } from "./properties.ts";
import { readProperties } from "./read-properties.ts";
import { isReasonCode } from "./reason-code.ts";

/** What stands before the body of a packet. */
export interface PacketHeader {
  /** The type's number on the wire. */
  readonly type: number;
  /** Already checked. */
  readonly flags: number;
}

/** A packet id, which is not 0; `reasonCode` says what it is when it is. */
export function readPacketId(reader: ByteReader, reasonCode: number): number {
  const packetId = reader.u16();
  if (packetId === 0) throw new MalformedPacketError(reasonCode, "The packet id is 0.");
  return packetId;
}

/** The properties, which only MQTT 5 has. */
export function readLevelProperties(reader: ByteReader, type: number, level: ProtocolLevel): Properties | undefined {
  return level === 5 ? readProperties(reader, type) : undefined;
}

/** Reason code and properties at the end of a packet, both of which may be left out. */
export function parseReason(reader: ByteReader, type: number, level: ProtocolLevel) {
  const reasonCode = level === 5 && reader.remaining > 0 ? reader.u8() : 0;
  const properties = level === 5 && reader.remaining > 0 ? readProperties(reader, type) : undefined;
  reader.finish();
  if (!isReasonCode(type, reasonCode)) throw unknownReason(reasonCode);
  return { reasonCode, properties };
}

/** A reason code that the packet cannot have. */
export function unknownReason(reasonCode: number): MalformedPacketError {
  return violation(`${reasonCode} is no reason code of this packet`);
}
