import type { Will } from "@mqtt-meet/mqtt";
import {
  type Catalog,
  encodeRequest,
  encodeRoomMessage,
  type PeerId,
  ProtocolError,
  parseCatalog,
  parseRequest,
  parseRoomMessage,
  parseState,
  type Request,
  type RoomMessage,
  type RoomTopic,
  type State,
  type TopicScheme,
  WRAP_VERSION,
} from "@mqtt-meet/protocol";
import type { EpochSender } from "./e2ee/epoch-exchange.ts";
import type { RoomEncryption } from "./e2ee/room-encryption.ts";
import type { OutgoingWord } from "./e2ee/word-cipher.ts";
import { WordInbox } from "./e2ee/word-inbox.ts";
import type { RoomLink } from "./room-link.ts";

/** Held back by an MQTT 5 broker: who is back within it was never gone. */
const WILL_DELAY_S = 8;
/** After 1, 2 and 4 s: as long as a cluster that has lost a node may take to elect another leader. */
const JOIN_RETRIES = 3;
/** Longer than the broker keeps a session, shorter than people wait: a stale state goes by itself. */
const STATE_EXPIRY_S = 60;
/** QoS 0: what is late is worth nothing. */
const UNACKNOWLEDGED: ReadonlySet<Request["type"]> = new Set(["probe", "probe-reply", "report"]);

/** Whom a {@link ControlChannel} tells. The sender is always taken from the topic. */
export interface ControlHandlers {
  readonly onState: (peer: PeerId, state: State) => void;
  /** The broker retains no state of `peer` any more. */
  readonly onStateCleared: (peer: PeerId) => void;
  readonly onCatalog: (peer: PeerId, catalog: Catalog) => void;
  readonly onRequest: (from: PeerId, request: Request) => void;
  readonly onMessage: (from: PeerId, message: RoomMessage) => void;
}

/** How something is sealed in an encrypted room (docs/protocol.md, E9). */
type Protection = Pick<OutgoingWord, "under" | "signed">;
const ROOT: Protection = { under: "root", signed: false };
const HELLO: Protection = { under: "root", signed: true };
const SIGNED: Protection = { under: "epoch", signed: true };

/** Everything but media that a participant says and hears, on its first connection. */
export class ControlChannel {
  readonly #link: RoomLink;
  readonly #own: PeerId;
  readonly #scheme: TopicScheme;
  readonly #handlers: () => ControlHandlers;
  readonly #encryption: RoomEncryption | undefined;
  readonly #inbox: WordInbox;
  #listening: AbortSignal | undefined;
  /** What was sealed goes out in the order in which it was said. */
  #lastSealed: Promise<unknown> = Promise.resolve();
  /** Aborted when the connection is lost: what was said of ourselves is said anew on the next. */
  #session = new AbortController();
  #malformed = 0;

  constructor(options: {
    readonly link: RoomLink;
    readonly own: PeerId;
    readonly scheme: TopicScheme;
    readonly handlers: () => ControlHandlers;
    /** Undefined in an open room. */
    readonly encryption: RoomEncryption | undefined;
    readonly nowMs: () => number;
  }) {
    this.#link = options.link;
    this.#own = options.own;
    this.#scheme = options.scheme;
    this.#handlers = options.handlers;
    this.#encryption = options.encryption;
    this.#inbox = new WordInbox(options);
  }

  /** Messages that were dropped because they could not be understood, or were not authentic. */
  get malformed(): number {
    return this.#malformed + this.#inbox.refused;
  }

  /** There is another key to open with, or time has passed. */
  retry(): void {
    this.#inbox.retry();
  }

  /** How epochs go out. */
  get epochSender(): EpochSender {
    const sealAs = (epoch: string): Protection => ({ under: { epoch }, signed: true });
    return {
      sendWrap: (to, wrap) => void this.#publishNow(this.#scheme.inbox(to, this.#own), wrap, { retain: false }),
      say: (message, epoch) =>
        void this.#publish(this.#scheme.all(this.#own), encodeRoomMessage(message), {
          ...sealAs(epoch),
          retain: false,
        }),
      request: (to, request, epoch) =>
        void this.#publish(this.#scheme.inbox(to, this.#own), encodeRequest(request), {
          ...sealAs(epoch),
          retain: false,
        }),
    };
  }

  /** Listens until the signal is aborted. Resolves when the broker grants everything; rejects when it refuses. */
  async listen({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#listening = signal;
    const { allStates, allCatalogs, allMessages } = this.#scheme;
    const filters = [allStates, allCatalogs, allMessages, this.#scheme.inboxFilter(this.#own)];
    const subscribe = (filter: string) =>
      this.#link.subscribe(filter, ({ topic, payload }) => this.#receive(topic, payload), {
        qos: 1,
        retries: JOIN_RETRIES,
        signal,
      });
    await Promise.all(filters.map(subscribe));
  }

  /** The connection was lost. */
  interrupted(): void {
    this.#session.abort();
    this.#session = new AbortController();
  }

  sayState(json: Uint8Array): Promise<void> {
    const options = { ...ROOT, retain: true, messageExpiryS: STATE_EXPIRY_S };
    return this.#publish(this.#scheme.state(this.#own), json, options);
  }

  sayCatalog(json: Uint8Array): Promise<void> {
    return this.#publish(this.#scheme.catalog(this.#own), json, { ...ROOT, retain: true });
  }

  /** To everybody, for this connection only. */
  say(message: RoomMessage): Promise<void> {
    const protection = message.type === "hello" ? HELLO : SIGNED;
    return this.#publish(this.#scheme.all(this.#own), encodeRoomMessage(message), { ...protection, retain: false });
  }

  /**
   * To everybody; waits for the next connection where there is none. Resolves when the broker has it, or when there is
   * nobody who could read it: who comes later asks for it.
   */
  async post(message: RoomMessage): Promise<void> {
    const topic = this.#scheme.all(this.#own);
    const json = encodeRoomMessage(message);
    const payload = this.#encryption === undefined ? json : await this.#seal(topic, json, SIGNED);
    if (payload !== undefined) await this.#link.publish(topic, payload, { qos: 1 });
  }

  /** Asks the server to remove `peer`. Rejects when the server does not want that, which then ends the connection. */
  async remove(peer: PeerId): Promise<void> {
    await this.#link.publish(this.#scheme.removal(peer, this.#own), new Uint8Array(0), { qos: 1 });
  }

  /** To one peer, now or not at all. Resolves when the broker has it, or cannot. */
  async request(to: PeerId, request: Request): Promise<void> {
    const topic = this.#scheme.inbox(to, this.#own);
    const json = encodeRequest(request);
    if (!UNACKNOWLEDGED.has(request.type)) return this.#publish(topic, json, { ...SIGNED, retain: false });
    const payload = this.#encryption === undefined ? json : await this.#seal(topic, json, SIGNED);
    if (payload !== undefined) this.#link.send(topic, payload);
  }

  /** The last will for the connection that is made now: the state of this incarnation. */
  will(json: Uint8Array<ArrayBuffer>, incarnation: number): Will | Promise<Will | undefined> {
    const properties = { willDelayS: WILL_DELAY_S, messageExpiryS: STATE_EXPIRY_S };
    const topic = this.#scheme.state(this.#own);
    const will = (payload: Uint8Array): Will => ({ topic, payload, qos: 1, retain: true, properties });
    if (this.#encryption === undefined) return will(json);
    return this.#seal(topic, json, { ...ROOT, incarnation }).then((payload) => payload && will(payload));
  }

  /** Says that we leave, and takes back what the broker retains. Resolves when the broker has it all, or cannot. */
  async sayGoodbye(lastState: Uint8Array): Promise<void> {
    const nothing = new Uint8Array(0);
    const state = this.#scheme.state(this.#own);
    await Promise.all([
      this.say({ type: "bye" }),
      this.sayState(lastState),
      this.sayCatalog(nothing),
      this.#publish(state, nothing, { ...ROOT, retain: true }),
    ]);
  }

  async #publish(
    topic: string,
    json: Uint8Array,
    options: Protection & { readonly retain: boolean; readonly messageExpiryS?: number },
  ): Promise<void> {
    if (this.#link.state.status !== "connected") return;
    if (this.#encryption === undefined) return this.#publishNow(topic, json, options);
    const { signal } = this.#session;
    const payload = await this.#seal(topic, json, options);
    if (payload !== undefined && !signal.aborted) await this.#publishNow(topic, payload, options);
  }

  async #publishNow(
    topic: string,
    payload: Uint8Array,
    { retain, messageExpiryS }: { readonly retain: boolean; readonly messageExpiryS?: number },
  ): Promise<void> {
    if (this.#link.state.status !== "connected") return;
    const properties = messageExpiryS === undefined ? undefined : { messageExpiryS };
    // Not a failure: it is said again on the next connection, or after the next interval.
    await this.#link
      .publish(topic, payload, { qos: 1, retain, properties, signal: this.#session.signal })
      .catch(() => undefined);
  }

  /** Undefined while there is no key to say it with. An empty payload, which says nothing, stays empty. */
  #seal(
    topic: string,
    json: Uint8Array,
    protection: Protection & { readonly incarnation?: number },
  ): Promise<Uint8Array | undefined> {
    const { under, signed, incarnation } = protection;
    const stream = topic.slice(this.#scheme.prefix.length);
    const sealing =
      json.length === 0 ? json : this.#encryption?.words.seal({ stream, json, under, signed, incarnation });
    const sealed = Promise.all([sealing, this.#lastSealed]).then(([payload]) => payload);
    this.#lastSealed = sealed;
    return sealed;
  }

  #receive(topic: string, payload: Uint8Array): void {
    const parsed = this.#scheme.parse(topic);
    if (parsed === undefined || parsed.kind === "rules") return;
    if (this.#encryption === undefined) this.#understand(parsed, payload);
    else if (parsed.kind === "state" || senderOf(parsed) !== this.#own) {
      const stream = topic.slice(this.#scheme.prefix.length);
      this.#inbox.receive(() => this.#open(parsed, { stream, payload }));
    }
  }

  async #open(
    topic: SaidTopic,
    { stream, payload }: { readonly stream: string; readonly payload: Uint8Array },
  ): Promise<"done" | "waits" | "refused"> {
    const encryption = this.#encryption;
    if (encryption === undefined || this.#listening?.aborted) return "done";
    const { kind } = topic;
    const peer = senderOf(topic);
    if (payload.length === 0) {
      this.#understand(topic, payload);
      return "done";
    }
    if (kind === "inbox" && payload[0] === WRAP_VERSION) return encryption.exchange.receiveWrap(peer, payload);
    const outcome = await encryption.words.open(payload, { peer, stream, signed: kind === "inbox" || kind === "all" });
    if (typeof outcome === "string") return outcome;
    if (!this.#listening?.aborted) this.#understand(topic, outcome.json, outcome);
    return "done";
  }

  #understand(topic: SaidTopic, json: Uint8Array, options: { readonly rootKeyed?: boolean } = {}): void {
    try {
      this.#dispatch(topic, json, options.rootKeyed);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#malformed++;
    }
  }

  /** `rootKeyed` is undefined where nothing is encrypted, or nothing was said. */
  #dispatch(topic: SaidTopic, payload: Uint8Array, rootKeyed: boolean | undefined): void {
    const handlers = this.#handlers();
    const own = senderOf(topic) === this.#own;
    if (topic.kind === "state") {
      if (payload.length === 0) handlers.onStateCleared(topic.peer);
      else handlers.onState(topic.peer, parseState(expectRoot(payload, rootKeyed, true)));
    } else if (own) return;
    else if (topic.kind === "catalog" && payload.length > 0) {
      handlers.onCatalog(topic.peer, parseCatalog(expectRoot(payload, rootKeyed, true)));
    } else if (topic.kind === "inbox") {
      handlers.onRequest(topic.from, parseRequest(expectRoot(payload, rootKeyed, false)));
    } else if (topic.kind === "all") {
      const message = parseRoomMessage(payload);
      expectRoot(payload, rootKeyed, message.type === "hello");
      handlers.onMessage(topic.from, message);
    }
  }
}

/** What everybody with the link can read, now or later, says who is there and hello, and nothing else (E4). */
function expectRoot(payload: Uint8Array, rootKeyed: boolean | undefined, expected: boolean): Uint8Array {
  if (rootKeyed === undefined || rootKeyed === expected) return payload;
  throw new ProtocolError("message-malformed", "The message is under the wrong key.");
}

/** What participants say. */
type SaidTopic = Exclude<RoomTopic, { kind: "rules" }>;

function senderOf(topic: SaidTopic): PeerId {
  return "from" in topic ? topic.from : topic.peer;
}
