/** What stands before the ciphertext of every sealed object (RFC 9605, section 4.3). Both are below 2^64. */
export interface SframeHeader {
  /** Which key of the sender. */
  readonly kid: bigint;
  /** Never the same twice with one key. */
  readonly ctr: bigint;
}

/** The largest header: the config byte and two fields of 8 bytes. */
export const MAX_SFRAME_HEADER_BYTES = 17;

const MAX_FIELD = 0xffff_ffff_ffff_ffffn;
/** Smaller values stand in the config byte itself. */
const SHORT = 8n;

/**
 * The bytes of `header`: `X KKK Y CCC`, then the KID and the CTR where X and Y say that they do not fit into three
 * bits, each in as few bytes as it needs. Throws a RangeError.
 */
export function writeSframeHeader({ kid, ctr }: SframeHeader): Uint8Array<ArrayBuffer> {
  if (kid < 0n || kid > MAX_FIELD || ctr < 0n || ctr > MAX_FIELD) throw new RangeError("KID and CTR have 64 bits.");
  const kidBytes = kid < SHORT ? 0 : byteLength(kid);
  const ctrBytes = ctr < SHORT ? 0 : byteLength(ctr);
  const bytes = new Uint8Array(1 + kidBytes + ctrBytes);
  bytes[0] = (configOf(kid, kidBytes) << 4) | configOf(ctr, ctrBytes);
  writeField(bytes, { at: 1, sizeBytes: kidBytes, value: kid });
  writeField(bytes, { at: 1 + kidBytes, sizeBytes: ctrBytes, value: ctr });
  return bytes;
}

/** The header at the beginning of `bytes` and its size; undefined when it is cut short or longer than it need be. */
export function parseSframeHeader(bytes: Uint8Array): (SframeHeader & { readonly sizeBytes: number }) | undefined {
  const [config] = bytes;
  if (config === undefined) return undefined;
  const kidBytes = config & 0x80 ? ((config >> 4) & 7) + 1 : 0;
  const ctrBytes = config & 0x08 ? (config & 7) + 1 : 0;
  const sizeBytes = 1 + kidBytes + ctrBytes;
  if (bytes.length < sizeBytes) return undefined;
  const kid = kidBytes === 0 ? BigInt((config >> 4) & 7) : readField(bytes, { at: 1, sizeBytes: kidBytes });
  const ctr = ctrBytes === 0 ? BigInt(config & 7) : readField(bytes, { at: 1 + kidBytes, sizeBytes: ctrBytes });
  return kid === undefined || ctr === undefined ? undefined : { kid, ctr, sizeBytes };
}

function configOf(value: bigint, sizeBytes: number): number {
  return sizeBytes === 0 ? Number(value) : 8 | (sizeBytes - 1);
}

/** Of a value of 8 and more. */
function byteLength(value: bigint): number {
  return (value.toString(16).length + 1) >> 1;
}

function writeField(
  bytes: Uint8Array,
  { at, sizeBytes, value }: { readonly at: number; readonly sizeBytes: number; readonly value: bigint },
): void {
  let rest = value;
  for (let i = at + sizeBytes - 1; i >= at; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
}

/** Undefined when it would have fitted into fewer bytes. */
function readField(
  bytes: Uint8Array,
  { at, sizeBytes }: { readonly at: number; readonly sizeBytes: number },
): bigint | undefined {
  const [high, low] = [Math.max(0, sizeBytes - 4), Math.min(4, sizeBytes)];
  const middle = at + high;
  const [above, below] = [readNumber(bytes, { at, end: middle }), readNumber(bytes, { at: middle, end: middle + low })];
  const value = above === 0 ? BigInt(below) : (BigInt(above) << 32n) | BigInt(below);
  return bytes[at] === 0 || value < SHORT ? undefined : value;
}

/** Up to four bytes. */
function readNumber(bytes: Uint8Array, { at, end }: { readonly at: number; readonly end: number }): number {
  let value = 0;
  for (let i = at; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
