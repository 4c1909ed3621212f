/** `jpeg` as the payload of a message. */
export function base64Payload(jpeg: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString("base64"), "latin1");
}
