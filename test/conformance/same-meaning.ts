const CONNACK = 2;
const PUBACK = 4;
const PUBREC = 5;
const PUBREL = 6;
const PUBCOMP = 7;
const DISCONNECT = 14;

const UNKNOWN_ID = 0x92;

/** The first whole packet in `bytes`, by its fixed header; undefined when there is none. */
export function firstPacket(bytes: Uint8Array): Uint8Array | undefined {
  const body = bodyOf(bytes);
  return body && body.start + body.size <= bytes.length ? bytes.subarray(0, body.start + body.size) : undefined;
}

/**
 * Whether MQTT allows `actual` where a case has `expected`, both one packet: another error reason where the case has one,
 * other capabilities in a CONNACK, a reason code written or left out, "nobody subscribes" for success, "unknown id" in an
 * answer to a message that the server does not know.
 */
export function meansTheSame(actual: Uint8Array, expected: Uint8Array, level: 3 | 4 | 5): boolean {
  if (Buffer.compare(actual, expected) === 0) return true;
  const type = (expected[0] as number) >> 4;
  if (level !== 5 || actual[0] !== expected[0]) return false;
  if (type === CONNACK) return bytesBeforeReason(actual, 1) && sameReason(reasonAt(actual, 1), reasonAt(expected, 1));
  if (type === DISCONNECT) return sameReason(reasonAt(actual, 0), reasonAt(expected, 0));
  if (type >= PUBACK && type <= PUBCOMP) {
    return samePacketId(actual, expected) && sameReason(reasonAt(actual, 2), reasonAt(expected, 2), type);
  }
  return false;

  function bytesBeforeReason(packet: Uint8Array, count: number): boolean {
    const [one, other] = [bodyOf(packet)?.start ?? 0, bodyOf(expected)?.start ?? 0];
    return Buffer.compare(packet.subarray(one, one + count), expected.subarray(other, other + count)) === 0;
  }
}

/** Whether `packet` is what a server may say before it closes where a case has the close alone. */
export function isParting(packet: Uint8Array): boolean {
  const type = (packet[0] as number) >> 4;
  return (type === DISCONNECT && reasonAt(packet, 0) >= 0x80) || (type === CONNACK && reasonAt(packet, 1) >= 0x80);
}

function samePacketId(one: Uint8Array, other: Uint8Array): boolean {
  const [a, b] = [bodyOf(one)?.start ?? 0, bodyOf(other)?.start ?? 0];
  return one[a] === other[b] && one[a + 1] === other[b + 1];
}

function sameReason(actual: number, expected: number, type?: number): boolean {
  if (actual === expected || (actual >= 0x80 && expected >= 0x80)) return true;
  if (type === PUBACK || type === PUBREC) return actual < 0x80 && expected < 0x80;
  return (type === PUBREL || type === PUBCOMP) && actual === UNKNOWN_ID && expected === 0;
}

/** The reason code behind `offset` bytes of the body; 0 when it was left out. */
function reasonAt(packet: Uint8Array, offset: number): number {
  return packet[(bodyOf(packet)?.start ?? 0) + offset] ?? 0;
}

function bodyOf(bytes: Uint8Array): { readonly start: number; readonly size: number } | undefined {
  let size = 0;
  for (let at = 1; at < Math.min(bytes.length, 5); at++) {
    const byte = bytes[at] as number;
    size += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return { start: at + 1, size };
  }
  return undefined;
}
