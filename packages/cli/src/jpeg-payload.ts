const BASE64_OF_JPEG = Buffer.from("/9j/");
const DATA_URL = Buffer.from("data:image/");

/**
 * The JPEG in a message: raw, in base64 as the tutorial and Home Assistant send it, or as a data URL. Undefined when
 * the message begins like none of them.
 */
export function jpegOf(payload: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return bytes;
  if (startsWith(bytes, BASE64_OF_JPEG)) return fromBase64(bytes, 0);
  if (!startsWith(bytes, DATA_URL)) return undefined;
  const comma = bytes.subarray(0, 64).indexOf(",");
  return comma < 0 || !startsWith(bytes.subarray(comma + 1), BASE64_OF_JPEG) ? undefined : fromBase64(bytes, comma + 1);
}

/** `jpeg` as the payload of a message. */
export function base64Payload(jpeg: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString("base64"), "latin1");
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.length >= start.length && bytes.subarray(0, start.length).equals(start);
}

function fromBase64(bytes: Buffer, start: number): Buffer {
  return Buffer.from(bytes.subarray(start).toString("latin1"), "base64");
}
