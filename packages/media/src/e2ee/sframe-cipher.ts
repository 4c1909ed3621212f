import { parseSframeHeader, writeSframeHeader } from "./sframe-header.ts";

/** What RFC 9605 registers: 4 is AES-128-GCM with SHA-256, 5 is AES-256-GCM with SHA-512. */
export type SframeSuite = 4 | 5;

/** Behind every ciphertext. */
export const SFRAME_TAG_BYTES = 16;

const SUITES = {
  4: { hash: "SHA-256", keyBits: 128 },
  5: { hash: "SHA-512", keyBits: 256 },
} as const;
const NONCE_BYTES = 12;
const EMPTY = new Uint8Array(0);

/** The key of one sender for one KID. */
export interface SframeKey {
  readonly kid: bigint;
  readonly key: CryptoKey;
  readonly salt: Uint8Array<ArrayBuffer>;
}

/** The labels of RFC 9605, section 4.4.2. */
export function sframeLabels(kid: bigint, suite: SframeSuite): { readonly key: Uint8Array; readonly salt: Uint8Array } {
  const label = (text: string) => {
    const bytes = new Uint8Array(text.length + 10);
    new TextEncoder().encodeInto(text, bytes);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(text.length, kid);
    view.setUint16(text.length + 8, suite);
    return bytes;
  };
  return { key: label("SFrame 1.0 Secret key "), salt: label("SFrame 1.0 Secret salt ") };
}

/** The key of `baseKey` for `kid`, for encryption or decryption only. */
export async function deriveSframeKey(
  baseKey: Uint8Array,
  options: { readonly kid: bigint; readonly use: "encrypt" | "decrypt"; readonly suite?: SframeSuite },
): Promise<SframeKey> {
  const { kid, use, suite = 4 } = options;
  const { hash, keyBits } = SUITES[suite];
  const labels = sframeLabels(kid, suite);
  const secret = await crypto.subtle.importKey("raw", new Uint8Array(baseKey), "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const hkdf = (info: Uint8Array) => ({ name: "HKDF", hash, salt: EMPTY, info: new Uint8Array(info) });
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(hkdf(labels.key), secret, { name: "AES-GCM", length: keyBits }, false, [use]),
    crypto.subtle.deriveBits(hkdf(labels.salt), secret, NONCE_BYTES * 8),
  ]);
  return { kid, key, salt: new Uint8Array(salt) };
}

/** The header, then `plaintext` encrypted with the tag. The same `ctr` must never be used again with `key`. */
export async function sealSframe(
  key: SframeKey,
  object: { readonly ctr: bigint; readonly metadata: Uint8Array; readonly plaintext: Uint8Array },
): Promise<Uint8Array<ArrayBuffer>> {
  const { ctr, metadata, plaintext } = object;
  const header = writeSframeHeader({ kid: key.kid, ctr });
  const algorithm = { name: "AES-GCM", iv: nonceOf(key.salt, ctr), additionalData: joined(header, metadata) };
  const ciphertext = await crypto.subtle.encrypt(algorithm, key.key, plaintext as Uint8Array<ArrayBuffer>);
  return joined(header, new Uint8Array(ciphertext));
}

/** What {@link sealSframe} encrypted; undefined when anything differs: key, header, metadata or a bit of it. */
export async function openSframe(
  key: SframeKey,
  object: { readonly sealed: Uint8Array; readonly metadata: Uint8Array },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { sealed, metadata } = object;
  const header = parseSframeHeader(sealed);
  if (header === undefined || header.kid !== key.kid || sealed.length < header.sizeBytes + SFRAME_TAG_BYTES) {
    return undefined;
  }
  const additionalData = joined(sealed.subarray(0, header.sizeBytes), metadata);
  const algorithm = { name: "AES-GCM", iv: nonceOf(key.salt, header.ctr), additionalData };
  try {
    const ciphertext = sealed.subarray(header.sizeBytes) as Uint8Array<ArrayBuffer>;
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key.key, ciphertext));
  } catch {
    return undefined; // the tag is wrong; WebCrypto says no more
  }
}

function nonceOf(salt: Uint8Array, ctr: bigint): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(salt);
  const view = new DataView(nonce.buffer);
  view.setBigUint64(NONCE_BYTES - 8, view.getBigUint64(NONCE_BYTES - 8) ^ ctr);
  return nonce;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
