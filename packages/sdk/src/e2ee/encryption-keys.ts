import { deriveRootKey, newAgreementKey, newSigningKey } from "@mqtt-meet/protocol";

/** A key pair of this stay: the secret half never leaves WebCrypto. */
export interface OwnKey {
  readonly key: CryptoKey;
  readonly publicBytes: Uint8Array;
}

/** What a participant of an encrypted room begins with. */
export interface EncryptionKeys {
  readonly rootKey: Uint8Array;
  /** X25519: what epochs are wrapped for. */
  readonly agreement: OwnKey;
  /** Ed25519: what our words are signed with. */
  readonly signing: OwnKey;
}

/** New keys for a stay in the room of this secret. Rejects where WebCrypto lacks X25519 or Ed25519. */
export async function newEncryptionKeys(roomSecret: Uint8Array): Promise<EncryptionKeys> {
  const [rootKey, agreement, signing] = await Promise.all([
    deriveRootKey(roomSecret),
    newAgreementKey(),
    newSigningKey(),
  ]);
  return { rootKey, agreement, signing };
}
