import type { ByteReader } from "./byte-reader.ts";
import { MalformedPacketError, malformed, violation } from "./malformed-packet-error.ts";
import { PacketType } from "./packet-type.ts";
import type { Properties } from "./properties.ts";
import { allows, type PropertyOwner, type PropertySpec, propertyById } from "./property-table.ts";
import { ReasonCode } from "./reason-code.ts";

/**
 * Reads the properties with their length before them; undefined when there are none. A property of another packet is
 * a protocol error (0x82), in SUBSCRIBE and UNSUBSCRIBE malformed (0x81), as mosquitto has it; an unknown one is
 * malformed, since its length is unknown.
 */
export function readProperties(reader: ByteReader, owner: PropertyOwner): Properties | undefined {
  const size = reader.varint();
  if (size === 0) return undefined;
  const part = reader.part(size);
  const found: Record<string, unknown> = {};
  while (part.remaining > 0) {
    const id = part.varint();
    const spec = propertyById(id, owner);
    if (!spec) throw malformed(`property ${id} does not exist`);
    const value = readValue(part, spec);
    checkAllowed(spec, owner);
    if (spec.repeatable) {
      const list = found[spec.name] as unknown[] | undefined;
      if (list) list.push(value);
      else found[spec.name] = [value];
    } else if (spec.name in found) {
      throw violation(`the property "${spec.name}" stands there twice`);
    } else {
      found[spec.name] = value;
    }
  }
  return found;
}

function readValue(reader: ByteReader, spec: PropertySpec): unknown {
  switch (spec.kind) {
    case "flag":
      return readBit(reader, spec) === 1;
    case "bit":
      return readBit(reader, spec);
    case "text":
      return reader.text();
    case "binary":
      return reader.binary();
    case "pair":
      return [reader.text(), reader.text()] as const;
    default:
      return readNumber(reader, spec, spec.kind);
  }
}

function readBit(reader: ByteReader, spec: PropertySpec): 0 | 1 {
  const value = reader.u8();
  if (value !== 0 && value !== 1) throw violation(`the property "${spec.name}" is neither 0 nor 1`);
  return value;
}

function readNumber(reader: ByteReader, spec: PropertySpec, kind: "u16" | "u32" | "varint"): number {
  const value = reader[kind]();
  if (spec.positive && value === 0) throw violation(`the property "${spec.name}" is 0`);
  return value;
}

function checkAllowed(spec: PropertySpec, owner: PropertyOwner): void {
  if (allows(spec, owner)) return;
  const filters = owner === PacketType.subscribe || owner === PacketType.unsubscribe;
  const code = filters ? ReasonCode.malformedPacket : ReasonCode.protocolError;
  throw new MalformedPacketError(code, `The property "${spec.name}" does not belong in this packet.`);
}
