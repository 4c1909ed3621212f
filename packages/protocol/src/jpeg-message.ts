/** How every JPEG picture begins. */
const JPEG = [0xff, 0xd8, 0xff];
/** The same in base64, in both alphabets. */
const TEXTS_OF_JPEG = ["/9j/", "_9j_"].map(bytesOf);
const DATA_URL = bytesOf("data:image/");
/** No name of a type is longer. */
const MAX_DATA_PREFIX = 64;
const COMMA = 0x2c;

/** Values of the alphabets of RFC 4648, the URL-safe one included; what else is permitted; what is not. */
const SKIPPED = 64;
const PADDING = 65;
const WRONG = 66;
const VALUES = valuesOfBase64();

/**
 * The JPEG picture in a message: as it is, in base64, or as a data URL (docs/protocol.md, V1). Undefined when the message
 * is none of them. A picture as it is shares the memory of `payload`.
 */
export function jpegOf(payload: Uint8Array): Uint8Array | undefined {
  if (startsWith(payload, JPEG)) return payload;
  if (!startsWith(payload, DATA_URL)) return fromText(payload);
  const comma = payload.subarray(0, MAX_DATA_PREFIX).indexOf(COMMA);
  return comma < 0 ? undefined : fromText(payload.subarray(comma + 1));
}

function fromText(text: Uint8Array): Uint8Array | undefined {
  return TEXTS_OF_JPEG.some((start) => startsWith(text, start)) ? decodeBase64(text) : undefined;
}

function startsWith(bytes: Uint8Array, start: ArrayLike<number>): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[i] !== start[i]) return false;
  return true;
}

/** Undefined when there is anything between that does not belong. */
function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let size = 0;
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = VALUES[character] ?? WRONG;
    if (value === SKIPPED) continue;
    if (value === PADDING) break;
    if (value === WRONG) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[size++] = (bits >> count) & 0xff;
  }
  return bytes.subarray(0, size);
}

function valuesOfBase64(): Uint8Array {
  const values = new Uint8Array(256).fill(WRONG);
  const alphabet = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  for (const [value, character] of alphabet.entries()) values[character] = value;
  for (const [character, value] of [...bytesOf("-_")].map((byte, i) => [byte, 62 + i] as const)) {
    values[character] = value;
  }
  for (const character of bytesOf(" \t\r\n")) values[character] = SKIPPED;
  for (const character of bytesOf("=")) values[character] = PADDING;
  return values;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
