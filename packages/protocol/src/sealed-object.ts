import { HEADER_BYTES, type PacketHeader, setHeader } from "./packet.ts";
import { encodeText, joinBytes } from "./secret-derivation.ts";

/** What is said is padded to multiples of this, so that its length tells little (E9). */
export const PADDING_BYTES = 256;

/** An Ed25519 signature. */
export const SIGNATURE_BYTES = 64;

/** The header fields that all packets of a frame have in common. */
export type ClearHeader = Pick<
  PacketHeader,
  "keyFrame" | "discardable" | "rootKeyed" | "will" | "frame" | "timestampUs"
>;

/**
 * What is authenticated beside an encrypted frame or message (E5): its sender, its stream, which is its topic after
 * `mm/1/<room>/`, and the header as it stands before its first packet without the flag of the last.
 */
export function objectMetadata(sid: Uint8Array, stream: string, header: ClearHeader): Uint8Array<ArrayBuffer> {
  return frameMetadata(streamMetadata(sid, stream), header);
}

/** What the metadata of all objects of a stream begins with. Throws a RangeError for a name of more than 255 bytes. */
export function streamMetadata(sid: Uint8Array, stream: string): Uint8Array<ArrayBuffer> {
  const streamBytes = encodeText(stream);
  if (streamBytes.length > 255) throw new RangeError("A stream's name has at most 255 bytes.");
  return joinBytes(encodeText("mm/1 aad"), sid, Uint8Array.of(streamBytes.length), streamBytes);
}

/** {@link objectMetadata} from what {@link streamMetadata} gave: there are hundreds of frames a second. */
export function frameMetadata(ofStream: Uint8Array, header: ClearHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ofStream.length + HEADER_BYTES);
  bytes.set(ofStream);
  setHeader(new DataView(bytes.buffer, ofStream.length), {
    ...header,
    encrypted: true,
    lastFragment: false,
    fragment: 0,
  });
  return bytes;
}

/** What the sender of a message signs (E10); `epoch` is 0 under the root key. */
export function signedMessage(epoch: number, metadata: Uint8Array, json: Uint8Array): Uint8Array<ArrayBuffer> {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, epoch);
  return joinBytes(encodeText("mm/1 sign"), number, metadata, json);
}

/** A message as it is encrypted: u16 size, the JSON, the signature if there is one, zeros. */
export function padMessage(json: Uint8Array, signature: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const sizeBytes = 2 + json.length + signature.length;
  const bytes = new Uint8Array(Math.ceil(sizeBytes / PADDING_BYTES) * PADDING_BYTES);
  new DataView(bytes.buffer).setUint16(0, json.length);
  bytes.set(json, 2);
  bytes.set(signature, 2 + json.length);
  return bytes;
}

/** Takes {@link padMessage} apart; undefined when it is cut short. */
export function unpadMessage(
  bytes: Uint8Array,
  options: { readonly signed: boolean },
): { readonly json: Uint8Array; readonly signature: Uint8Array } | undefined {
  if (bytes.length < 2) return undefined;
  const end = 2 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(0);
  const signatureEnd = end + (options.signed ? SIGNATURE_BYTES : 0);
  if (signatureEnd > bytes.length) return undefined;
  return { json: bytes.subarray(2, end), signature: bytes.subarray(end, signatureEnd) };
}
