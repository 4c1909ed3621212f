import { decodeBase64Url } from "./base64url.ts";
import type { PeerId } from "./topic-level.ts";

/** The size of the root key and of the secret of an epoch. */
export const KEY_BYTES = 32;

/** The size of a participant's id in keys and signatures. */
export const SID_BYTES = 16;

/** HKDF-SHA-256 with an empty salt (docs/protocol.md, K and E). */
export async function deriveSecret(
  secret: Uint8Array,
  options: { readonly info: string | Uint8Array; readonly sizeBytes?: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { info, sizeBytes = KEY_BYTES } = options;
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), "HKDF", false, ["deriveBits"]);
  const bytes = typeof info === "string" ? new TextEncoder().encode(info) : new Uint8Array(info);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: bytes };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, sizeBytes * 8));
}

/** What a room's secret gives to who must be understood before there is an epoch (E1). */
export function deriveRootKey(roomSecret: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return deriveSecret(roomSecret, { info: "mm/1 root" });
}

/** The secret of the epoch that follows when somebody joins (E7): those who had the last one know it already. */
export function ratchetEpoch(epoch: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return deriveSecret(epoch, { info: "mm/1 ratchet" });
}

/** What names an epoch's secret without telling it, for the safety number (E12). */
export function epochFingerprint(epoch: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return deriveSecret(epoch, { info: "mm/1 epoch id", sizeBytes: 16 });
}

/** The 16 bytes of a peer's id; undefined when it is none of K3, which encrypted rooms do not have. */
export function sidOf(peer: PeerId): Uint8Array<ArrayBuffer> | undefined {
  const sid = decodeBase64Url(peer);
  return sid?.length === SID_BYTES ? sid : undefined;
}

/** The SFrame base key of what one sender says in one stream, under an epoch or under the root key (E2). */
export function deriveBaseKey(
  secret: Uint8Array,
  options: { readonly scope: "epoch" | "root"; readonly sid: Uint8Array; readonly stream: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const label = options.scope === "epoch" ? "mm/1 sender" : "mm/1 room";
  return deriveSecret(secret, { info: joinBytes(encodeText(label), options.sid, encodeText(options.stream)) });
}

/** Bytes one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** UTF-8. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
