import { type EpochId, type PeerId, topicLevel } from "@mqtt-meet/protocol";
import { epochKey } from "../e2ee/epoch-id.ts";
import type { EpochOf, KeyAction } from "../e2ee/key-action.ts";
import { KeyAgreement, type Member } from "../e2ee/key-agreement.ts";

interface Carried {
  readonly epoch: EpochOf;
  /** What follows from the base, or the secret itself. */
  readonly base?: EpochId;
  readonly secret?: string;
}

type Said = { readonly to: PeerId; readonly from: PeerId } & (
  | { readonly type: "key"; readonly carried: Carried }
  | { readonly type: "ack"; readonly epoch: EpochId }
  | { readonly type: "use"; readonly epoch: EpochId }
);
type Message = Said & { readonly atMs: number };

interface Seen {
  member: Member;
  heardMs: number;
}

interface Node {
  readonly peer: PeerId;
  readonly joinedAtMs: number;
  readonly agreement: KeyAgreement;
  readonly secrets: Map<string, string>;
  /** Whom it sees, with what it saw them say last. */
  readonly seen: Map<PeerId, Seen>;
  /** Whether {@link seen} is not what its agreement knows. */
  news: boolean;
  island: number;
  /** What the broker retains of it. */
  said: Member | undefined;
  /** When it answers those who came. */
  answerAtMs: number | undefined;
  /** It has sent under an epoch. */
  speaks: boolean;
}

const TICK_MS = 100;
const HEARTBEAT_MS = 5_000;
/** Many do not answer a newcomer all at once. */
const ANSWER_MS = 300;
const SILENCE_MS = 20_000;
const QUIET_MS = 8_000;

/**
 * Participants in random trouble: messages that are lost, doubled and overtaken, partitions, crashes, joins, clocks
 * that differ. Secrets are texts that say how they were made. Nothing here waits: time is counted.
 */
export class KeyAgreementModel {
  readonly #random: () => number;
  readonly #nodes = new Map<PeerId, Node>();
  #queue: Message[] = [];
  #nowMs = 1_000_000;
  #made = 0;
  /** How often somebody had to choose between two epochs with one number. */
  ties = 0;
  /** How likely a message is lost or doubled, and how late it may be. */
  trouble = { lose: 0, double: 0, maxDelayMs: 50 };
  /** How far the clocks of two participants differ at the most. */
  clockSkewMs = 10_000;
  /** What it took so far: epochs that were made, and messages that brought or acknowledged one. */
  readonly counts = { epochs: 0, messages: 0 };

  constructor(random: () => number) {
    this.#random = random;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get nodes(): readonly Node[] {
    return [...this.#nodes.values()];
  }

  join(): PeerId {
    const peer = topicLevel(
      `${String.fromCharCode(97 + Math.floor(this.#random() * 26))}${this.#nodes.size}-${this.#made++}`,
    );
    const joinedAtMs = this.#nowMs + Math.floor((this.#random() - 0.5) * this.clockSkewMs);
    const agreement = new KeyAgreement({ own: peer, joinedAtMs });
    const secrets = new Map<string, string>();
    const node: Node = {
      ...{ peer, joinedAtMs, agreement, secrets, seen: new Map(), news: true, island: 0 },
      ...{ said: undefined, answerAtMs: undefined, speaks: false },
    };
    for (const other of this.#nodes.values()) this.#greet(node, other);
    this.#nodes.set(peer, node);
    return peer;
  }

  /** Who comes is given what the broker retains, and is answered by everybody. */
  #greet(newcomer: Node, other: Node): void {
    if (other.island !== newcomer.island || this.#random() < this.trouble.lose) return;
    if (other.said !== undefined) newcomer.seen.set(other.peer, { member: other.said, heardMs: this.#nowMs });
    other.answerAtMs ??= this.#nowMs + this.#random() * ANSWER_MS;
  }

  /** Gone without a word, or with one. */
  remove(peer: PeerId, options: { readonly crash: boolean }): void {
    this.#nodes.delete(peer);
    if (options.crash) return;
    for (const node of this.#nodes.values()) if (node.seen.delete(peer)) node.news = true;
  }

  divide(islands: number): void {
    for (const node of this.#nodes.values()) node.island = Math.floor(this.#random() * islands);
  }

  /** Lets `ms` pass. */
  run(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.#nowMs < endMs) {
      this.#nowMs += TICK_MS;
      if (this.#queue.length > 0) this.#deliverDue();
      for (const node of this.#nodes.values()) this.#live(node);
    }
  }

  /** Undefined when everybody has, and sends with, one epoch and one secret; otherwise what is wrong. */
  disagreement(): string | undefined {
    const views = this.nodes.map(({ agreement, secrets }) => {
      const { current, using } = agreement;
      if (current === undefined || using === undefined) return "nothing";
      const members = [...current.members].sort().join();
      return `${epochKey(current)} ${epochKey(using)} ${secrets.get(epochKey(current))} ${members}`;
    });
    const expected = this.nodes.map(({ peer }) => peer).sort();
    if (expected.length < 2) return undefined;
    if (new Set(views).size > 1) return [...new Set(views)].join(" | ");
    return views[0]?.endsWith(` ${expected.join()}`) ? undefined : `${views[0]} is not for ${expected.join()}`;
  }

  /** Whether `peer` can open what each of `others` that is still there sends. */
  hears(peer: PeerId, others: readonly PeerId[]): boolean {
    const secrets = this.#nodes.get(peer)?.secrets;
    return others.every((other) => {
      const node = this.#nodes.get(other);
      const using = node?.agreement.using;
      return node === undefined || (using !== undefined && secrets?.has(epochKey(using)));
    });
  }

  #deliverDue(): void {
    const due = this.#queue.filter(({ atMs }) => atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#queue = this.#queue.filter(({ atMs }) => atMs > this.#nowMs);
    for (const message of due) this.#deliver(message);
  }

  #live(node: Node): void {
    const answers = node.answerAtMs !== undefined && this.#nowMs >= node.answerAtMs;
    if (answers || this.#nowMs % HEARTBEAT_MS < TICK_MS || node.secrets.size === 0) this.#beat(node);
    for (const seen of node.seen.values()) this.#look(node, seen);
    const { agreement, seen, news } = node;
    node.news = false;
    const members = news ? [...seen.values()].map(({ member }) => member) : undefined;
    this.#perform(node, members ? agreement.setMembers(members, this.#nowMs) : agreement.tick(this.#nowMs));
  }

  #look(node: Node, seen: Seen): void {
    const silentMs = this.#nowMs - seen.heardMs;
    if (silentMs <= QUIET_MS || (silentMs <= SILENCE_MS && !seen.member.live)) return;
    if (silentMs > SILENCE_MS) node.seen.delete(seen.member.peer);
    else seen.member = { ...seen.member, live: false };
    node.news = true;
  }

  #beat(node: Node): void {
    const { current } = node.agreement;
    const epoch = current && { number: current.number, by: current.by };
    const member = { peer: node.peer, joinedAtMs: node.joinedAtMs, live: true, epoch };
    node.said = member;
    node.answerAtMs = undefined;
    for (const other of this.#nodes.values()) {
      if (other === node || other.island !== node.island || this.#random() < this.trouble.lose) continue;
      other.seen.set(node.peer, { member, heardMs: this.#nowMs });
      other.news = true;
    }
  }

  #send(message: Said): void {
    this.counts.messages++;
    const { lose, double, maxDelayMs } = this.trouble;
    if (this.#random() < lose) return;
    const copies = this.#random() < double ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      this.#queue.push({ ...message, atMs: this.#nowMs + this.#random() * maxDelayMs });
    }
  }

  #deliver(message: Message): void {
    const node = this.#nodes.get(message.to);
    if (node === undefined || this.#nodes.get(message.from)?.island !== node.island) return;
    if (message.type === "ack") this.#perform(node, node.agreement.acknowledged(message.from, message.epoch));
    else if (message.type === "use") this.#perform(node, node.agreement.announced(message.epoch));
    else this.#receive(node, message.carried);
  }

  #receive(node: Node, { epoch, base, secret: given }: Carried): void {
    const secret = given ?? (base && ratchet(node.secrets.get(epochKey(base))));
    if (secret === undefined) return;
    if (node.agreement.wants(epoch)) node.secrets.set(epochKey(epoch), secret);
    const before = node.agreement.current;
    const actions = node.agreement.adopt(epoch, { nowMs: this.#nowMs, fresh: given !== undefined });
    if (before?.number === epoch.number && before.by !== epoch.by) this.#checkTie(node, [before, epoch]);
    this.#perform(node, actions);
  }

  /** Of two epochs with one number everybody takes that of the smaller peer, whichever came first (E6). */
  #checkTie(node: Node, rivals: readonly [EpochOf, EpochOf]): void {
    this.ties++;
    const { current } = node.agreement;
    const [first, second] = rivals;
    const [kept, passedOver] = first.by < second.by ? [first, second] : [second, first];
    if (current?.number !== kept.number || current.by !== passedOver.by) return;
    throw new Error(`${node.peer} has the epoch of ${passedOver.by}, and ${kept.by} made another of that number.`);
  }

  #perform(node: Node, actions: readonly KeyAction[]): void {
    for (const action of actions) this.#do(node, action);
  }

  #do(node: Node, action: KeyAction): void {
    const { epoch } = action;
    const from = node.peer;
    switch (action.type) {
      case "make":
        this.#make(node, action);
        break;
      case "wrap":
        for (const to of action.to) {
          const secret = node.secrets.get(epochKey(epoch)) ?? "none";
          this.#send({ type: "key", from, to, carried: { epoch: action.epoch, secret } });
        }
        break;
      case "acknowledge":
        this.#send({ type: "ack", from, to: topicLevel(epoch.by), epoch });
        break;
      case "announce-use":
        for (const to of this.#nodes.keys()) if (to !== from) this.#send({ type: "use", from, to, epoch });
        break;
      case "use":
        this.#use(node, epoch);
        break;
      case "forget":
        node.secrets.delete(epochKey(epoch));
        break;
    }
  }

  /** Who has a first epoch says its state at once. */
  #use(node: Node, epoch: EpochId): void {
    if (!node.secrets.has(epochKey(epoch))) throw new Error(`${node.peer} uses an epoch that it does not have.`);
    if (!node.speaks) node.answerAtMs = this.#nowMs;
    node.speaks = true;
  }

  #make(node: Node, { epoch, base, wrapTo }: Extract<KeyAction, { type: "make" }>): void {
    const secret = base ? ratchet(node.secrets.get(epochKey(base))) : `random ${++this.#made}`;
    if (secret === undefined) throw new Error(`${node.peer} ratchets from an epoch that it does not have.`);
    this.counts.epochs++;
    const from = node.peer;
    node.secrets.set(epochKey(epoch), secret);
    for (const to of wrapTo) this.#send({ type: "key", from, to, carried: { epoch, secret } });
    if (base === undefined) return;
    for (const { peer: to } of this.nodes) {
      if (to !== from) this.#send({ type: "key", from, to, carried: { epoch, base } });
    }
  }
}

function ratchet(secret: string | undefined): string | undefined {
  return secret === undefined ? undefined : `${secret}+`;
}
