import { type PeerId, sidOf } from "@mqtt-meet/protocol";
import { MAX_CTR, OpenContext, SealContext } from "./key-context.ts";
import type { SframeSuite } from "./sframe-cipher.ts";

/** The KID says the number of the epoch modulo this. */
const KIDS = 8;

/** Streams of others that are remembered under one secret: a hundred participants with tracks and words each. */
const MAX_STREAMS = 4_096;

/** A secret that the members of a room share for a while. */
export interface Epoch {
  /** From 1. */
  readonly number: number;
  /** Two epochs can have one number when the members were divided. */
  readonly id: string;
  readonly secret: Uint8Array;
}

interface Shared {
  readonly secret: Uint8Array;
  readonly scope: "epoch" | "root";
  readonly number: number;
  readonly seals: Map<string, SealContext>;
  readonly opens: Map<string, OpenContext>;
}

/** A context to open with, tried in this order. */
export interface Candidate {
  readonly context: OpenContext;
  /** 0 under the root key. */
  readonly epoch: number;
}

/**
 * The keys of one participant for one stay in a room: the root key and the epochs, each with the contexts of its
 * streams. It is the only owner of their counters, so that nothing is ever sealed twice with one nonce.
 */
export class KeyRing {
  readonly #sid: Uint8Array;
  readonly #suite: SframeSuite;
  readonly #maxCtr: number;
  readonly #root: Shared;
  /** Newest last. */
  readonly #epochs = new Map<string, Shared>();
  #sending: string | undefined;
  #sendingSinceMs = 0;

  /**
   * `maxCtr`: how often one key is used at the most, 2^31 when left out. Throws a RangeError when `own` is no peer of an
   * encrypted room.
   */
  constructor(options: {
    readonly own: PeerId;
    readonly rootKey: Uint8Array;
    readonly suite?: SframeSuite | undefined;
    readonly maxCtr?: number | undefined;
  }) {
    const sid = sidOf(options.own);
    if (sid === undefined) throw new RangeError("A peer of an encrypted room is 16 bytes in base64url.");
    this.#sid = sid;
    this.#suite = options.suite ?? 4;
    this.#maxCtr = options.maxCtr ?? MAX_CTR;
    this.#root = shared(options.rootKey, { scope: "root", number: 0 });
  }

  /** The epoch that we send with; undefined before the first. */
  get sending(): string | undefined {
    return this.#sending;
  }

  /** When {@link sending} changed last. */
  get sendingSinceMs(): number {
    return this.#sendingSinceMs;
  }

  /** A key of the epoch that we send with has been used so often that there had better be another epoch. */
  get isWorn(): boolean {
    const seals = this.#epochs.get(this.#sending ?? "")?.seals.values() ?? [];
    return [...seals].some(({ isWorn }) => isWorn);
  }

  has(id: string): boolean {
    return this.#epochs.has(id);
  }

  /** What comes under this epoch can be opened from now on. */
  add({ id, number, secret }: Epoch): void {
    if (!this.#epochs.has(id)) this.#epochs.set(id, shared(secret, { scope: "epoch", number }));
  }

  /** We send with this epoch from now on. */
  use(id: string, nowMs: number): void {
    if (!this.#epochs.has(id) || this.#sending === id) return;
    this.#sending = id;
    this.#sendingSinceMs = nowMs;
  }

  /** Nothing can be opened or sealed under this epoch any more. */
  remove(id: string): void {
    this.#epochs.delete(id);
    if (this.#sending === id) this.#sending = undefined;
  }

  /** The secret of an epoch, to derive the next or to wrap it. */
  secret(id: string): Uint8Array | undefined {
    return this.#epochs.get(id)?.secret;
  }

  /** What seals `stream` under an epoch, or under the root key; undefined when there is no such epoch. */
  sealing(stream: string, under: { readonly epoch: string } | "root"): SealContext | undefined {
    const owner = under === "root" ? this.#root : this.#epochs.get(under.epoch);
    if (owner === undefined) return undefined;
    const known = owner.seals.get(stream);
    if (known !== undefined) return known;
    const context = new SealContext({
      ...this.#contextOptions(owner, { stream, sid: this.#sid }),
      maxCtr: this.#maxCtr,
    });
    owner.seals.set(stream, context);
    return context;
  }

  /** The number of an epoch; 0 when there is none. */
  numberOf(id: string | undefined): number {
    return id === undefined ? 0 : (this.#epochs.get(id)?.number ?? 0);
  }

  /** What may open an object of `from` with this KID, newest first; nothing when its key is missing. */
  opening(stream: string, object: { readonly from: PeerId; readonly kid: bigint }): readonly Candidate[] {
    const candidates: Candidate[] = [];
    for (const owner of this.#epochs.values()) {
      if (BigInt(owner.number % KIDS) === object.kid) candidates.unshift(...this.#open(owner, stream, object.from));
    }
    return candidates;
  }

  /** What opens a root-keyed object of `from`. */
  openingRoot(stream: string, from: PeerId): readonly Candidate[] {
    return this.#open(this.#root, stream, from);
  }

  #open(owner: Shared, stream: string, from: PeerId): readonly Candidate[] {
    const known = owner.opens.get(stream);
    if (known !== undefined) return [{ context: known, epoch: owner.number }];
    const sid = sidOf(from);
    if (sid === undefined) return [];
    if (owner.opens.size >= MAX_STREAMS)
      for (const oldest of [...owner.opens.keys()].slice(0, 1)) owner.opens.delete(oldest);
    const context = new OpenContext(this.#contextOptions(owner, { stream, sid }));
    owner.opens.set(stream, context);
    return [{ context, epoch: owner.number }];
  }

  #contextOptions(owner: Shared, of: { readonly stream: string; readonly sid: Uint8Array }) {
    const { secret, scope, number } = owner;
    return { secret, scope, kid: number % KIDS, suite: this.#suite, ...of };
  }
}

function shared(secret: Uint8Array, what: Pick<Shared, "scope" | "number">): Shared {
  return { secret, ...what, seals: new Map(), opens: new Map() };
}
