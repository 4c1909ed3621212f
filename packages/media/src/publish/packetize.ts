import { HEADER_BYTES, MAX_FRAGMENT_BYTES, writePacket } from "@mqtt-meet/protocol";

const MAX_BODY_BYTES = MAX_FRAGMENT_BYTES - HEADER_BYTES;

/** What the packets of one frame have in common. */
export interface FrameHeader {
  readonly keyFrame: boolean;
  readonly discardable: boolean;
  /** In its layer, from 0; wraps at 2^32. */
  readonly number: number;
  readonly timestampUs: number;
  /** False when left out. */
  readonly encrypted?: boolean;
}

/** Cuts the body of a frame into packets. Times are rounded down to whole microseconds. */
export function packetize(frame: FrameHeader, body: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0, fragment = 0; at < body.length; fragment++) {
    const end = Math.min(at + MAX_BODY_BYTES, body.length);
    const header = {
      keyFrame: frame.keyFrame,
      lastFragment: end === body.length,
      encrypted: frame.encrypted ?? false,
      discardable: frame.discardable,
      rootKeyed: false,
      will: false,
      fragment,
      frame: frame.number,
      timestampUs: Math.floor(frame.timestampUs),
    };
    packets.push(writePacket(header, body.subarray(at, end)));
    at = end;
  }
  return packets;
}
