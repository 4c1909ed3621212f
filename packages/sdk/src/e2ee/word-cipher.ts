import { type Candidate, type KeyRing, type OpenContext, parseSframeHeader } from "@mqtt-meet/media";
import {
  type ClearHeader,
  objectMetadata,
  type Packet,
  type PeerId,
  ProtocolError,
  padMessage,
  parsePacket,
  sidOf,
  signedMessage,
  unpadMessage,
  writePacket,
} from "@mqtt-meet/protocol";
import type { PeerKeys } from "./peer-keys.ts";

/** What comes so much later than its sender's usual way takes was held back by somebody (E11). */
const MAX_LATE_MS = 10_000;
const MAX_SENDERS = 512;

/** Something to say. */
export interface OutgoingWord {
  /** Its topic after `mm/1/<room>/`. */
  readonly stream: string;
  readonly json: Uint8Array;
  /** "root" for state, will, catalog and hello; else an epoch, or the one that is used. */
  readonly under: "root" | "epoch" | { readonly epoch: string };
  readonly signed: boolean;
  /** For a will: the incarnation that it ends. */
  readonly incarnation?: number | undefined;
}

/** What was said to us. */
export interface OpenedWord {
  readonly json: Uint8Array;
  readonly rootKeyed: boolean;
}

/** "waits": a key is missing that may still come. */
export type WordOutcome = OpenedWord | "waits" | "refused";

/** Seals and opens all that is not media: padded, signed where it must be, each once. */
export class WordCipher {
  readonly #ring: KeyRing;
  readonly #sid: Uint8Array;
  readonly #signingKey: CryptoKey;
  readonly #peers: PeerKeys;
  readonly #nowMs: () => number;
  /** How far a sender's clock seems behind ours, at the least. */
  readonly #offsetsMs = new Map<PeerId, number>();
  #said = 0;

  constructor(options: {
    readonly ring: KeyRing;
    readonly own: PeerId;
    readonly signingKey: CryptoKey;
    readonly peers: PeerKeys;
    readonly nowMs: () => number;
  }) {
    this.#ring = options.ring;
    this.#sid = sidOf(options.own) ?? new Uint8Array(0);
    this.#signingKey = options.signingKey;
    this.#peers = options.peers;
    this.#nowMs = options.nowMs;
  }

  /** The payload; undefined when there is no epoch to say it in. */
  async seal(word: OutgoingWord): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { under, incarnation, json } = word;
    const stream = incarnation === undefined ? word.stream : `${word.stream} will`;
    const epoch = typeof under === "string" ? this.#ring.sending : under.epoch;
    if (under !== "root" && epoch === undefined) return undefined;
    const context = this.#ring.sealing(stream, under === "root" ? "root" : { epoch: epoch ?? "" });
    if (context === undefined) return undefined;
    this.#said = (this.#said + 1) % 0x1_0000_0000;
    const header = {
      ...{ keyFrame: false, discardable: false, rootKeyed: under === "root", will: incarnation !== undefined },
      frame: this.#said,
      timestampUs: Math.floor(this.#nowMs() * 1000),
    };
    const metadata = objectMetadata(this.#sid, stream, header);
    const number = under === "root" ? 0 : this.#ring.numberOf(epoch);
    const signature = word.signed ? await this.#sign(signedMessage(number, metadata, json)) : undefined;
    const ctr = incarnation === undefined ? {} : { ctr: incarnation };
    const sealed = await context.seal(header, padMessage(json, signature), ctr);
    if (sealed === undefined) return undefined;
    return writePacket({ ...header, encrypted: true, lastFragment: true, fragment: 0 }, sealed);
  }

  /** What `payload`, which came from `from` on `stream`, says. */
  async open(
    payload: Uint8Array,
    from: { readonly peer: PeerId; readonly stream: string; readonly signed: boolean },
  ): Promise<WordOutcome> {
    const packet = wholePacket(payload);
    if (packet === undefined) return "refused";
    const { header, body } = packet;
    const stream = header.will ? `${from.stream} will` : from.stream;
    const candidates = this.#candidates({ ...from, stream }, packet);
    if (candidates.length === 0) return header.rootKeyed ? "refused" : "waits";
    for (const { context, epoch } of candidates) {
      const plaintext = await context.open(header, body);
      if (plaintext === undefined) continue;
      const metadata = objectMetadata(sidOf(from.peer) ?? new Uint8Array(0), stream, header);
      return this.#check(plaintext, { ...from, metadata, epoch, context, packet });
    }
    return "refused";
  }

  async #check(
    plaintext: Uint8Array,
    object: {
      readonly peer: PeerId;
      readonly signed: boolean;
      readonly metadata: Uint8Array;
      readonly epoch: number;
      readonly context: OpenContext;
      readonly packet: Packet;
    },
  ): Promise<WordOutcome> {
    const { peer, signed, metadata, epoch, context, packet } = object;
    const message = unpadMessage(plaintext, { signed });
    if (message === undefined) return "refused";
    if (signed) {
      const keys = this.#peers.get(peer);
      if (keys === undefined) return "waits";
      const bytes = signedMessage(epoch, metadata, message.json);
      if (!(await verify(keys.verification, message.signature, bytes))) return "refused";
      if (this.#late(peer, packet.header.timestampUs / 1000)) return "refused";
    }
    if (!context.accept(packet.body, "window")) return "refused";
    return { json: message.json, rootKeyed: packet.header.rootKeyed };
  }

  #candidates(
    { peer, stream }: { readonly peer: PeerId; readonly stream: string },
    packet: Packet,
  ): readonly Candidate[] {
    if (packet.header.rootKeyed) return this.#ring.openingRoot(stream, peer);
    const kid = parseSframeHeader(packet.body)?.kid;
    return kid === undefined ? [] : this.#ring.opening(stream, { from: peer, kid });
  }

  /** Clocks need not be right: what counts is how long others of this sender took. */
  #late(peer: PeerId, capturedMs: number): boolean {
    const offsetMs = this.#nowMs() - capturedMs;
    const leastMs = Math.min(this.#offsetsMs.get(peer) ?? offsetMs, offsetMs);
    if (this.#offsetsMs.size >= MAX_SENDERS) this.#offsetsMs.clear();
    this.#offsetsMs.set(peer, leastMs);
    return offsetMs - leastMs > MAX_LATE_MS;
  }

  async #sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#signingKey, bytes));
  }
}

/** What is said is one packet, and encrypted. */
function wholePacket(payload: Uint8Array): (Packet & { readonly header: ClearHeader }) | undefined {
  try {
    const packet = parsePacket(payload);
    const { encrypted, fragment, lastFragment } = packet.header;
    return encrypted && lastFragment && fragment === 0 ? packet : undefined;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return undefined;
  }
}

async function verify(
  key: Promise<CryptoKey>,
  signature: Uint8Array,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify("Ed25519", await key, new Uint8Array(signature), bytes);
  } catch {
    return false; // the key is none
  }
}
