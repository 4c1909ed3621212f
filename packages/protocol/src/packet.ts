import { ProtocolError } from "./protocol-error.ts";

/** The version in the first byte of every packet. */
export const PACKET_VERSION = 1;

/** The size of what stands before the body of every packet. */
export const HEADER_BYTES = 16;

/**
 * The largest packet, header included. Sound and control slip between the fragments of a large frame, and no broker
 * has a lower limit.
 */
export const MAX_FRAGMENT_BYTES = 32 * 1024;

/** The most fragments a frame can be cut into. */
export const MAX_FRAGMENTS = 0x1_0000;

const KEY_FRAME = 1;
const LAST_FRAGMENT = 2;
const ENCRYPTED = 4;
const DISCARDABLE = 8;
const ROOT_KEYED = 16;
const WILL = 32;

/**
 * What stands before the body of every packet, big-endian, {@link HEADER_BYTES} long:
 *
 *     0  u8   version
 *     1  u8   flags: 1 key frame, 2 last fragment, 4 encrypted, 8 discardable, 16 root-keyed, 32 will
 *     2  u16  fragment number within the frame, from 0
 *     4  u32  frame number within the layer
 *     8  u64  capture time in microseconds since the Unix epoch, on the publisher's clock
 */
export interface PacketHeader {
  readonly keyFrame: boolean;
  readonly lastFragment: boolean;
  readonly encrypted: boolean;
  readonly discardable: boolean;
  readonly rootKeyed: boolean;
  readonly will: boolean;
  readonly fragment: number;
  readonly frame: number;
  /** A safe integer. */
  readonly timestampUs: number;
}

/** A packet taken apart. */
export interface Packet {
  readonly header: PacketHeader;
  /** A view of the packet's bytes, never empty. */
  readonly body: Uint8Array;
}

/** One packet: `header`, then a copy of `body`. Throws a RangeError when a field or the size is out of range. */
export function writePacket(header: PacketHeader, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const sizeBytes = HEADER_BYTES + body.length;
  if (body.length === 0 || sizeBytes > MAX_FRAGMENT_BYTES) {
    throw new RangeError(`A packet's body has 1 to ${MAX_FRAGMENT_BYTES - HEADER_BYTES} bytes, not ${body.length}.`);
  }
  const bytes = writeHeader(header, sizeBytes);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

/** The bytes of `header`, at the beginning of `sizeBytes` bytes. Throws a RangeError when a field is out of range. */
export function writeHeader(header: PacketHeader, sizeBytes: number = HEADER_BYTES): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  setHeader(new DataView(bytes.buffer), header);
  return bytes;
}

/** Writes `header` into the first {@link HEADER_BYTES} bytes of `view`. Throws a RangeError when a field is out of range. */
export function setHeader(view: DataView, header: PacketHeader): void {
  checkField(header.fragment, 0xffff, "fragment");
  checkField(header.frame, 0xffff_ffff, "frame");
  checkField(header.timestampUs, Number.MAX_SAFE_INTEGER, "timestampUs");
  view.setUint8(0, PACKET_VERSION);
  view.setUint8(1, flagsOf(header));
  view.setUint16(2, header.fragment);
  view.setUint32(4, header.frame);
  view.setUint32(8, Math.floor(header.timestampUs / 0x1_0000_0000));
  view.setUint32(12, header.timestampUs % 0x1_0000_0000);
}

/** Takes a packet apart; `body` is a view. Throws a ProtocolError ("packet-malformed"). */
export function parsePacket(bytes: Uint8Array): Packet {
  if (bytes.length <= HEADER_BYTES) throw malformed("is too short");
  if (bytes.length > MAX_FRAGMENT_BYTES) throw malformed("is too long");
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint8(0) !== PACKET_VERSION) throw malformed("has an unknown version");
  const flags = view.getUint8(1);
  const timestampUs = view.getUint32(8) * 0x1_0000_0000 + view.getUint32(12);
  if (!Number.isSafeInteger(timestampUs)) throw malformed("has an impossible time");
  const header: PacketHeader = {
    keyFrame: (flags & KEY_FRAME) !== 0,
    lastFragment: (flags & LAST_FRAGMENT) !== 0,
    encrypted: (flags & ENCRYPTED) !== 0,
    discardable: (flags & DISCARDABLE) !== 0,
    rootKeyed: (flags & ROOT_KEYED) !== 0,
    will: (flags & WILL) !== 0,
    fragment: view.getUint16(2),
    frame: view.getUint32(4),
    timestampUs,
  };
  return { header, body: bytes.subarray(HEADER_BYTES) };
}

function flagsOf(header: PacketHeader): number {
  return (
    (header.keyFrame ? KEY_FRAME : 0) |
    (header.lastFragment ? LAST_FRAGMENT : 0) |
    (header.encrypted ? ENCRYPTED : 0) |
    (header.discardable ? DISCARDABLE : 0) |
    (header.rootKeyed ? ROOT_KEYED : 0) |
    (header.will ? WILL : 0)
  );
}

function checkField(value: number, maximum: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > maximum) {
    throw new RangeError(`${name} is an integer from 0 to ${maximum}, not ${value}.`);
  }
}

function malformed(what: string): ProtocolError {
  return new ProtocolError("packet-malformed", `The packet ${what}.`);
}
