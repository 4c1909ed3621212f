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
  const size = isPlain(text) ? text.length : encoder.encode(text).length;
  if (size > MAX_STRING_BYTES) throw new RangeError(`An MQTT string is at most ${MAX_STRING_BYTES} bytes long.`);
  return size;
}

/** Whether `text` is ASCII, as nearly every string is. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0 && unit < 0x80) continue;
    if (/[\0\p{Surrogate}]/u.test(text)) {
      throw new RangeError("An MQTT string cannot contain the null character or half a surrogate pair.");
    }
    return false;
  }
  return true;
}

/** Writes `text`, which takes `size` bytes, at `offset`. */
export function writeUtf8(text: string, size: number, target: Uint8Array, offset: number): void {
  if (size === text.length) {
    for (let index = 0; index < size; index++) target[offset + index] = text.charCodeAt(index);
  } else {
    encoder.encodeInto(text, target.subarray(offset, offset + size));
  }
}
