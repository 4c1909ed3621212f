import { KeyRing, MediaCipher } from "@mqtt-meet/media";
import { epochFingerprint, type PeerId, type State } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { RoomEncryptionState } from "../room.ts";
import type { RosterEntry } from "../roster.ts";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { EpochExchange, type EpochSender } from "./epoch-exchange.ts";
import { PeerKeys, shownKeys } from "./peer-keys.ts";
import { safetyNumber } from "./safety-number.ts";
import { WordCipher } from "./word-cipher.ts";

/** What the encryption of a room needs. */
export interface RoomEncryptionOptions {
  readonly own: PeerId;
  readonly joinedAtMs: number;
  readonly keys: EncryptionKeys;
  /** What stands before every topic of the room. */
  readonly prefix: string;
  /** Asked for when something is to be sent. */
  readonly sender: () => EpochSender;
  /** There is another key to open with. */
  readonly onKey: () => void;
  readonly onUse: (options: { readonly first: boolean }) => void;
  /** How often one key is used at the most; 2^31 when left out. */
  readonly maxCtr?: number | undefined;
  readonly nowMs: () => number;
}

/** What a room without encryption says of itself. */
export const NOT_ENCRYPTED: RoomEncryptionState = {
  encrypted: false,
  ready: true,
  safetyNumber: undefined,
  troubles: new Map(),
};

/** Everything that is secret in a room: keys, who has which, and what is shown of it. */
export class RoomEncryption {
  readonly words: WordCipher;
  readonly media: MediaCipher;
  readonly exchange: EpochExchange;
  readonly peers = new PeerKeys();
  readonly #options: RoomEncryptionOptions;
  readonly #ring: KeyRing;
  readonly #state = signal<RoomEncryptionState>({ ...NOT_ENCRYPTED, encrypted: true, ready: false });
  readonly state: ReadonlySignal<RoomEncryptionState> = this.#state;
  /** What the safety number shown was made of. */
  #shown = "";

  constructor(options: RoomEncryptionOptions) {
    const { own, keys, prefix, sender, maxCtr, nowMs } = options;
    const { peers } = this;
    this.#options = options;
    this.#ring = new KeyRing({ own, rootKey: keys.rootKey, maxCtr });
    const ring = this.#ring;
    this.media = new MediaCipher({ ring, prefix, nowMs });
    this.words = new WordCipher({ ring, own, signingKey: keys.signing.key, peers, nowMs });
    this.exchange = new EpochExchange({
      ...{ own, keys, ring, peers, sender, nowMs },
      joinedAtMs: options.joinedAtMs,
      onKey: () => {
        this.media.retry();
        options.onKey();
      },
      onUse: options.onUse,
    });
  }

  /** The key of this start, which signs what we say. */
  get identity(): EncryptionKeys["signing"] {
    return this.#options.keys.signing;
  }

  /** What our state says besides who we are. */
  ownState(): Pick<State, "keys" | "epoch"> {
    const epoch = this.exchange.current;
    return { keys: shownKeys(this.#options.keys), ...(epoch === undefined ? {} : { epoch }) };
  }

  /** Whether a state of `peer` may be believed; it brings its keys, which never change. */
  admit(peer: PeerId, state: State): boolean {
    return (state.status === "gone" && state.keys === undefined) || this.peers.learn(peer, state.keys);
  }

  /** To be called every 100 ms or so while connected, and when somebody came or went. */
  update(roster: readonly RosterEntry[]): void {
    const known = roster.filter(({ peer }) => this.peers.get(peer) !== undefined);
    this.exchange.update(
      known.map(({ peer, state, status }) => ({
        peer,
        joinedAtMs: state.joinedAtMs,
        live: status === "live",
        epoch: state.epoch,
      })),
    );
    this.#show(known.map(({ peer }) => peer));
  }

  /** Time has passed. */
  check(): void {
    this.media.retry();
    const troubles = this.media.troubles();
    const before = this.#state.peek().troubles;
    const same = troubles.size === before.size && [...troubles].every(([key, trouble]) => before.get(key) === trouble);
    if (!same) this.#state.value = { ...this.#state.peek(), troubles };
  }

  #show(others: readonly PeerId[]): void {
    const { sending } = this.#ring;
    const shown = sending === undefined ? "" : [sending, ...others.toSorted()].join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    const secret = sending === undefined ? undefined : this.#ring.secret(sending);
    if (secret === undefined) {
      this.#state.value = { ...this.#state.peek(), ready: false, safetyNumber: undefined };
      return;
    }
    const keys = others.flatMap((peer) => this.peers.get(peer)?.signing ?? []);
    const all = [...keys, this.#options.keys.signing.publicBytes];
    const made = epochFingerprint(secret).then((fingerprint) => safetyNumber(all, fingerprint));
    void made.then((number) => {
      if (this.#shown === shown) this.#state.value = { ...this.#state.peek(), ready: true, safetyNumber: number };
    });
  }
}
