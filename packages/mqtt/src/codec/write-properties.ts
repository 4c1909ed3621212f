import { ByteWriter, varintBytes, writeVarint } from "./byte-writer.ts";
import type { Properties } from "./properties.ts";
import { allows, type PropertyOwner, type PropertySpec, propertyByName } from "./property-table.ts";

const NONE = new Uint8Array([0]);

/**
 * The properties with their length before them. Throws TypeError for a property that `owner` cannot have and
 * RangeError for a value that cannot be written.
 */
export function encodeProperties(properties: Properties | undefined, owner: PropertyOwner): Uint8Array {
  if (properties === undefined) return NONE;
  const content = new ByteWriter();
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    const spec = specOf(name, owner);
    for (const item of spec.repeatable ? (value as readonly unknown[]) : [value]) writeProperty(content, spec, item);
  }
  const { bytes } = content;
  if (bytes.length === 0) return NONE;
  const start = varintBytes(bytes.length);
  const all = new Uint8Array(start + bytes.length);
  writeVarint(bytes.length, all, 0);
  all.set(bytes, start);
  return all;
}

function specOf(name: string, owner: PropertyOwner): PropertySpec {
  const spec = propertyByName(name);
  if (!spec || !allows(spec, owner)) throw new TypeError(`This packet has no property "${name}".`);
  return spec;
}

function writeProperty(writer: ByteWriter, spec: PropertySpec, value: unknown): void {
  if (spec.positive && value === 0) throw new RangeError(`The property "${spec.name}" cannot be 0.`);
  writer.varint(spec.id);
  switch (spec.kind) {
    case "flag":
    case "bit":
      writer.u8(Number(value));
      break;
    case "u16":
      writer.u16(value as number);
      break;
    case "u32":
      writer.u32(value as number);
      break;
    case "varint":
      writer.varint(value as number);
      break;
    case "text":
      writer.text(value as string);
      break;
    case "binary":
      writer.binary(value as Uint8Array);
      break;
    case "pair": {
      const [name, text] = value as readonly [string, string];
      writer.text(name);
      writer.text(text);
      break;
    }
  }
}
