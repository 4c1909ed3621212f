/** An encoded string is at most this long: its length is a 16-bit number. */
export const MAX_STRING_BYTES = 0xffff;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The string in these bytes, or undefined when they are not well-formed UTF-8 or contain U+0000. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    const text = decoder.decode(bytes.subarray(start, end));
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** How many bytes `text` takes. Throws a RangeError for what MQTT cannot carry: lone surrogates, U+0000, too long. */
export function utf8Bytes(text: string): number {
  let size = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0 && unit < 0x80) size++;
    else size += unitBytes(text, index, unit);
  }
  if (size > MAX_STRING_BYTES) throw new RangeError(`An MQTT string is at most ${MAX_STRING_BYTES} bytes long.`);
  return size;
}

/** What one UTF-16 unit adds; of a surrogate pair each half adds two bytes. */
function unitBytes(text: string, index: number, unit: number): number {
  if (unit === 0) throw new RangeError("An MQTT string cannot contain the null character.");
  if (unit < 0x800) return 2;
  if (unit < 0xd800 || unit > 0xdfff) return 3;
  const other = text.charCodeAt(unit < 0xdc00 ? index + 1 : index - 1);
  const paired = unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other < 0xdc00;
  if (!paired) throw new RangeError("An MQTT string cannot contain half a surrogate pair.");
  return 2;
}

/** Writes `text`, which takes `size` bytes, at `offset`. */
export function writeUtf8(text: string, size: number, target: Uint8Array, offset: number): void {
  if (size === text.length) {
    for (let index = 0; index < size; index++) target[offset + index] = text.charCodeAt(index);
  } else {
    encoder.encodeInto(text, target.subarray(offset, offset + size));
  }
}
