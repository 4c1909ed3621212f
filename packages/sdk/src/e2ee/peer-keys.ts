import { decodeBase64Url, encodeBase64Url, type PeerId, type State, verificationKeyOf } from "@mqtt-meet/protocol";
import type { EncryptionKeys } from "./encryption-keys.ts";

/** More than a room has participants: keys are remembered after their peer has left. */
const MAX_PEERS = 512;

/** The public keys of somebody, as its state says. */
export interface KeysOfPeer {
  readonly agreement: Uint8Array;
  readonly signing: Uint8Array;
  /** Rejects when the signing key is none. */
  readonly verification: Promise<CryptoKey>;
}

/** The keys of the others: those that a peer shows first are its keys, and no later ones. */
export class PeerKeys {
  readonly #known = new Map<PeerId, KeysOfPeer>();
  readonly #excluded = new Set<PeerId>();

  get(peer: PeerId): KeysOfPeer | undefined {
    return this.#known.get(peer);
  }

  /** Returns false when `keys` are not those of this peer, or none. */
  learn(peer: PeerId, keys: State["keys"]): boolean {
    if (this.#excluded.has(peer)) return false;
    const known = this.#known.get(peer);
    if (known !== undefined) {
      return encodeBase64Url(known.agreement) === keys?.agreement && encodeBase64Url(known.signing) === keys.signing;
    }
    const [agreement, signing] = [decodeBase64Url(keys?.agreement ?? ""), decodeBase64Url(keys?.signing ?? "")];
    if (agreement?.length !== 32 || signing?.length !== 32) return false;
    const verification = verificationKeyOf(signing);
    verification.catch(() => undefined); // whoever verifies hears of it
    if (this.#known.size >= MAX_PEERS)
      for (const oldest of [...this.#known.keys()].slice(0, 1)) this.#known.delete(oldest);
    this.#known.set(peer, { agreement, signing, verification });
    return true;
  }

  /** Nothing that `peer` says is believed any more, and no epoch is wrapped for it; it comes back as another peer only. */
  exclude(peer: PeerId): void {
    this.#known.delete(peer);
    if (this.#excluded.size >= MAX_PEERS)
      for (const oldest of [...this.#excluded].slice(0, 1)) this.#excluded.delete(oldest);
    this.#excluded.add(peer);
  }
}

/** What our own state shows. */
export function shownKeys({ agreement, signing }: EncryptionKeys): NonNullable<State["keys"]> {
  return {
    agreement: encodeBase64Url(agreement.publicBytes),
    signing: encodeBase64Url(signing.publicBytes),
  };
}
