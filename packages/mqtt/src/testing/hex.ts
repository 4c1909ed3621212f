import { MalformedPacketError } from "../codec/malformed-packet-error.ts";
import { PacketParser, type PacketParserOptions } from "../codec/packet-parser.ts";

/** A size limit that no test reaches by accident. */
export const LIMIT = 1 << 20;

/** The bytes in pairs of hexadecimal digits; anything else between them is for the eye. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The reason code with which a parser refuses the data, if it does. */
export function reasonOf(data: Uint8Array, options: Partial<PacketParserOptions>): number | undefined {
  try {
    for (const _ of new PacketParser({ maxPacketBytes: LIMIT, ...options }).push(data));
    return undefined;
  } catch (error) {
    if (error instanceof MalformedPacketError) return error.reasonCode;
    throw error;
  }
}
