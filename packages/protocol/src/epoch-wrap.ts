import { deriveSecret, encodeText, joinBytes, KEY_BYTES, SID_BYTES } from "./secret-derivation.ts";

/** The first byte of a wrap; a packet begins with 1, a message in the clear with `{`. */
export const WRAP_VERSION = 2;

/** A room has fewer members; a wrap that names more is malformed. */
export const MAX_EPOCH_MEMBERS = 256;

const HEADER_BYTES = 5;
const PUBLIC_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
const SMALLEST = HEADER_BYTES + PUBLIC_BYTES + KEY_BYTES + TAG_BYTES + SIGNATURE_BYTES;
/** Each wrap has a key of its own, so one nonce does (E8). */
const NONCE = new Uint8Array(12);

/** What a wrap brings to its recipient. */
export interface WrappedEpoch {
  readonly number: number;
  readonly secret: Uint8Array;
  /** The sids of those that the epoch was made for. */
  readonly members: readonly Uint8Array[];
}

/** Between whom a wrap goes. */
export interface WrapParties {
  readonly rootKey: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/**
 * The secret of an epoch for one member, with a key that only the two can have:
 *
 *     0   u8   2
 *     1   u32  number of the epoch
 *     5   32   ephemeral X25519 public key
 *     37  …    AES-128-GCM of the secret (32 bytes) and the members' sids (16 bytes each), with its tag
 *     …   64   Ed25519 signature of the sender
 */
export async function wrapEpoch(
  epoch: WrappedEpoch,
  options: WrapParties & { readonly agreementKey: Uint8Array; readonly signingKey: CryptoKey },
): Promise<Uint8Array<ArrayBuffer>> {
  const { number, secret, members } = epoch;
  const ephemeral = await newAgreementKey();
  const header = new Uint8Array(HEADER_BYTES);
  header[0] = WRAP_VERSION;
  new DataView(header.buffer).setUint32(1, number);
  const clear = joinBytes(header, ephemeral.publicBytes);
  const key = await wrapKey(ephemeral.key, options.agreementKey, { ...options, number });
  const algorithm = { name: "AES-GCM", iv: NONCE, additionalData: clear };
  const sealed = await crypto.subtle.encrypt(algorithm, key, joinBytes(secret, ...members));
  const unsigned = joinBytes(clear, new Uint8Array(sealed));
  const signature = await crypto.subtle.sign("Ed25519", options.signingKey, signedBytes(unsigned, options));
  return joinBytes(unsigned, new Uint8Array(signature));
}

/** What {@link wrapEpoch} wrapped for us; undefined when it is malformed, forged, or for somebody else. */
export async function unwrapEpoch(
  bytes: Uint8Array,
  options: WrapParties & { readonly agreementKey: CryptoKey; readonly verificationKey: CryptoKey },
): Promise<WrappedEpoch | undefined> {
  const spare = bytes.length - SMALLEST;
  if (bytes[0] !== WRAP_VERSION || spare < 0 || spare % SID_BYTES !== 0) return undefined;
  if (spare / SID_BYTES > MAX_EPOCH_MEMBERS) return undefined;
  const unsigned = bytes.slice(0, -SIGNATURE_BYTES);
  const signature = bytes.slice(-SIGNATURE_BYTES);
  const signed = signedBytes(unsigned, options);
  if (!(await crypto.subtle.verify("Ed25519", options.verificationKey, signature, signed))) return undefined;
  const clear = unsigned.slice(0, HEADER_BYTES + PUBLIC_BYTES);
  const number = new DataView(clear.buffer).getUint32(1);
  try {
    const key = await wrapKey(options.agreementKey, clear.subarray(HEADER_BYTES), { ...options, number });
    const algorithm = { name: "AES-GCM", iv: NONCE, additionalData: clear };
    const plaintext = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, unsigned.slice(clear.length)));
    const members: Uint8Array[] = [];
    for (let at = KEY_BYTES; at < plaintext.length; at += SID_BYTES) members.push(plaintext.slice(at, at + SID_BYTES));
    return { number, secret: plaintext.slice(0, KEY_BYTES), members };
  } catch {
    return undefined; // the tag is wrong, or the public key is no point that X25519 accepts
  }
}

/** An X25519 key of our own, and the half that others are shown. */
export async function newAgreementKey(): Promise<{ readonly key: CryptoKey; readonly publicBytes: Uint8Array }> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  return { key: pair.privateKey, publicBytes: await publicBytesOf(pair) };
}

/** An Ed25519 key of our own, and the half that others are shown. */
export async function newSigningKey(): Promise<{ readonly key: CryptoKey; readonly publicBytes: Uint8Array }> {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"])) as CryptoKeyPair;
  return { key: pair.privateKey, publicBytes: await publicBytesOf(pair) };
}

/** The Ed25519 key of somebody else; rejects when `publicBytes` are none. */
export function verificationKeyOf(publicBytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", new Uint8Array(publicBytes), { name: "Ed25519" }, true, ["verify"]);
}

async function publicBytesOf(pair: CryptoKeyPair): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
}

/** With the root key in it, a broker that swaps public keys gains nothing. */
async function wrapKey(
  own: CryptoKey,
  other: Uint8Array,
  { rootKey, number }: { readonly rootKey: Uint8Array; readonly number: number },
): Promise<CryptoKey> {
  const publicKey = await crypto.subtle.importKey("raw", new Uint8Array(other), { name: "X25519" }, true, []);
  const shared = new Uint8Array(
    await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, own, PUBLIC_BYTES * 8),
  );
  const info = new Uint8Array("mm/1 wrap".length + 4);
  info.set(encodeText("mm/1 wrap"));
  new DataView(info.buffer).setUint32("mm/1 wrap".length, number);
  const bytes = await deriveSecret(joinBytes(shared, rootKey), { info, sizeBytes: 16 });
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function signedBytes(unsigned: Uint8Array, { from, to }: WrapParties): Uint8Array<ArrayBuffer> {
  return joinBytes(encodeText("mm/1 rekey"), from, to, unsigned);
}
