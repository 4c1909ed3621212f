import type { KeyRing } from "@mqtt-meet/media";
import {
  decodeBase64Url,
  type EpochId,
  encodeBase64Url,
  isTopicLevel,
  KEY_BYTES,
  type PeerId,
  type Request,
  type RoomMessage,
  ratchetEpoch,
  sidOf,
  unwrapEpoch,
  wrapEpoch,
} from "@mqtt-meet/protocol";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { epochKey } from "./epoch-id.ts";
import type { EpochOf, KeyAction } from "./key-action.ts";
import { KeyAgreement, type Member } from "./key-agreement.ts";
import type { PeerKeys } from "./peer-keys.ts";

/** How epochs go out. */
export interface EpochSender {
  /** To one peer, as it is. */
  readonly sendWrap: (to: PeerId, wrap: Uint8Array) => void;
  /** To everybody, under this epoch. */
  readonly say: (message: RoomMessage, epoch: string) => void;
  /** To one peer, under this epoch. */
  readonly request: (to: PeerId, request: Request, epoch: string) => void;
}

/** What an {@link EpochExchange} needs. */
export interface EpochExchangeOptions {
  readonly own: PeerId;
  readonly joinedAtMs: number;
  readonly keys: EncryptionKeys;
  readonly ring: KeyRing;
  readonly peers: PeerKeys;
  /** Asked for when something is to be sent. */
  readonly sender: () => EpochSender;
  /** There is another key to open with. */
  readonly onKey: () => void;
  /** We send with another epoch. `first`: until now we could say nothing. */
  readonly onUse: (options: { readonly first: boolean }) => void;
  readonly nowMs: () => number;
}

/** Does what {@link KeyAgreement} decides: makes the secrets of epochs, wraps and unwraps them, one step after the other. */
export class EpochExchange {
  readonly #options: EpochExchangeOptions;
  readonly #agreement: KeyAgreement;
  readonly #sid: Uint8Array;
  #work: Promise<void> = Promise.resolve();

  constructor(options: EpochExchangeOptions) {
    this.#options = options;
    this.#agreement = new KeyAgreement(options);
    this.#sid = sidOf(options.own) ?? new Uint8Array(0);
  }

  /** The newest epoch that we have, for our state. */
  get current(): EpochId | undefined {
    const { current } = this.#agreement;
    return current && { number: current.number, by: current.by };
  }

  /** Who is there, and what time it is; to be called every 100 ms or so while connected. */
  update(members: readonly Member[]): void {
    const { nowMs, ring } = this.#options;
    this.#do(this.#agreement.setMembers(members, nowMs(), ring));
  }

  /** A wrap came from `from`. "waits" while its key is unknown. */
  async receiveWrap(from: PeerId, bytes: Uint8Array): Promise<"done" | "waits" | "refused"> {
    const { keys, peers, ring } = this.#options;
    const known = peers.get(from);
    const sid = sidOf(from);
    if (known === undefined || sid === undefined) return "waits";
    const parties = { rootKey: keys.rootKey, from: sid, to: this.#sid };
    const verificationKey = await known.verification.catch(() => undefined);
    if (verificationKey === undefined) return "refused";
    const wrapped = await unwrapEpoch(bytes, { ...parties, agreementKey: keys.agreement.key, verificationKey });
    if (wrapped === undefined) return "refused";
    const members = new Set(wrapped.members.map(encodeBase64Url).filter(isTopicLevel));
    const epoch = { number: wrapped.number, by: from, members };
    if (!members.has(this.#options.own)) return "refused";
    if (this.#agreement.wants(epoch)) ring.add({ id: epochKey(epoch), number: epoch.number, secret: wrapped.secret });
    this.#adopt(epoch, { fresh: true });
    return "done";
  }

  /** What `from` told everybody. */
  async receive(from: PeerId, message: RoomMessage): Promise<void> {
    if (message.type === "epoch-use" && message.epoch.by === from) {
      this.#do(this.#agreement.announced(message.epoch));
    } else if (message.type === "epoch-next" && message.epoch.by === from) {
      const { ring } = this.#options;
      const { base, epoch, members } = message;
      const secret = ring.secret(epochKey(base));
      if (secret === undefined || !this.#agreement.wants(epoch)) return;
      ring.add({ id: epochKey(epoch), number: epoch.number, secret: await ratchetEpoch(secret) });
      this.#adopt({ ...epoch, members: new Set(members) }, { fresh: false });
    }
  }

  /** `from` has the epoch that we made. */
  acknowledged(from: PeerId, epoch: EpochId): void {
    this.#do(this.#agreement.acknowledged(from, epoch));
  }

  #adopt(epoch: EpochOf, { fresh }: { readonly fresh: boolean }): void {
    this.#do(this.#agreement.adopt(epoch, { nowMs: this.#options.nowMs(), fresh }));
    this.#options.onKey();
  }

  /** What is decided later is done later. */
  #do(actions: readonly KeyAction[]): void {
    if (actions.length === 0) return;
    this.#work = this.#work.then(async () => {
      for (const action of actions) await this.#perform(action);
    });
  }

  async #perform(action: KeyAction): Promise<void> {
    const { ring, nowMs } = this.#options;
    const sender = this.#options.sender();
    const { number, by } = action.epoch;
    const epoch = { number, by };
    const id = epochKey(epoch);
    switch (action.type) {
      case "make":
        await this.#make(action);
        break;
      case "wrap":
        await this.#wrap(action.epoch, action.to);
        break;
      case "acknowledge":
        if (isTopicLevel(by)) sender.request(by, { type: "epoch-ack", epoch }, id);
        break;
      case "announce-use":
        sender.say({ type: "epoch-use", epoch }, id);
        break;
      case "use": {
        const first = ring.sending === undefined;
        ring.use(id, nowMs());
        this.#options.onUse({ first });
        break;
      }
      case "forget":
        ring.remove(id);
        break;
    }
  }

  async #make({ epoch, base, wrapTo }: Extract<KeyAction, { type: "make" }>): Promise<void> {
    const { ring, onKey } = this.#options;
    const sender = this.#options.sender();
    const { number, by, members } = epoch;
    const before = base && ring.secret(epochKey(base));
    if (base !== undefined && before === undefined) return; // forgotten meanwhile: nobody has it, and it is made anew
    const secret = before ? await ratchetEpoch(before) : crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    ring.add({ id: epochKey(epoch), number, secret });
    if (base !== undefined) {
      const next = { base: { number: base.number, by: base.by }, epoch: { number, by }, members: [...members] };
      sender.say({ type: "epoch-next", ...next }, epochKey(base));
    }
    await this.#wrap(epoch, wrapTo);
    onKey();
  }

  async #wrap(epoch: EpochOf, to: readonly PeerId[]): Promise<void> {
    const { keys, peers, ring } = this.#options;
    const sender = this.#options.sender();
    const secret = ring.secret(epochKey(epoch));
    if (secret === undefined) return;
    const members = [...epoch.members].flatMap((peer) => decodeBase64Url(peer) ?? []);
    const wraps = to.map(async (peer) => {
      const [agreementKey, sid] = [peers.get(peer)?.agreement, sidOf(peer)];
      if (agreementKey === undefined || sid === undefined) return;
      const parties = { rootKey: keys.rootKey, from: this.#sid, to: sid };
      const options = { ...parties, agreementKey, signingKey: keys.signing.key };
      sender.sendWrap(peer, await wrapEpoch({ number: epoch.number, secret, members }, options));
    });
    // Whose key is none that X25519 accepts gets nothing.
    await Promise.allSettled(wraps);
  }
}
