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
} from "@mqtt-meet/protocol";
import type { RoomLink } from "./room-link.ts";

/** Held back by an MQTT 5 broker: who is back within it was never gone. */
const WILL_DELAY_S = 8;
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

/** Everything but media that a participant says and hears, on its first connection. */
export class ControlChannel {
  readonly #link: RoomLink;
  readonly #own: PeerId;
  readonly #scheme: TopicScheme;
  readonly #handlers: ControlHandlers;
  /** Aborted when the connection is lost: what was said of ourselves is said anew on the next. */
  #session = new AbortController();
  #malformed = 0;

  constructor(options: {
    readonly link: RoomLink;
    readonly own: PeerId;
    readonly scheme: TopicScheme;
    readonly handlers: ControlHandlers;
  }) {
    this.#link = options.link;
    this.#own = options.own;
    this.#scheme = options.scheme;
    this.#handlers = options.handlers;
  }

  /** Messages that were dropped because they could not be understood. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Listens until the signal is aborted. Resolves when the broker grants everything; rejects when it refuses. */
  async listen({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { allStates, allCatalogs, allMessages } = this.#scheme;
    const filters = [allStates, allCatalogs, allMessages, this.#scheme.inboxFilter(this.#own)];
    const subscribe = (filter: string) =>
      this.#link.subscribe(filter, ({ topic, payload }) => this.#receive(topic, payload), { qos: 1, signal });
    await Promise.all(filters.map(subscribe));
  }

  /** The connection was lost. */
  interrupted(): void {
    this.#session.abort();
    this.#session = new AbortController();
  }

  sayState(payload: Uint8Array): Promise<void> {
    return this.#publish(this.#scheme.state(this.#own), payload, { retain: true, messageExpiryS: STATE_EXPIRY_S });
  }

  sayCatalog(payload: Uint8Array): Promise<void> {
    return this.#publish(this.#scheme.catalog(this.#own), payload, { retain: true });
  }

  /** To everybody, for this connection only. */
  say(message: RoomMessage): Promise<void> {
    return this.#publish(this.#scheme.all(this.#own), encodeRoomMessage(message), { retain: false });
  }

  /** To everybody; waits for the next connection where there is none. Resolves when the broker has it. */
  post(message: RoomMessage): Promise<void> {
    return this.#link.publish(this.#scheme.all(this.#own), encodeRoomMessage(message), { qos: 1 });
  }

  /** To one peer, now or not at all. */
  request(to: PeerId, request: Request): void {
    const topic = this.#scheme.inbox(to, this.#own);
    const payload = encodeRequest(request);
    if (UNACKNOWLEDGED.has(request.type)) this.#link.send(topic, payload);
    else void this.#publish(topic, payload, { retain: false });
  }

  /** The last will for the connection that is made now. */
  will(payload: Uint8Array): Will {
    const properties = { willDelayS: WILL_DELAY_S, messageExpiryS: STATE_EXPIRY_S };
    return { topic: this.#scheme.state(this.#own), payload, qos: 1, retain: true, properties };
  }

  /** Says that we leave, and takes back what the broker retains. Resolves when the broker has it all, or cannot. */
  async sayGoodbye(lastState: Uint8Array): Promise<void> {
    const nothing = new Uint8Array(0);
    const state = this.#scheme.state(this.#own);
    await Promise.all([
      this.say({ type: "bye" }),
      this.sayState(lastState),
      this.sayCatalog(nothing),
      this.#publish(state, nothing, { retain: true }),
    ]);
  }

  async #publish(
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

  #receive(topic: string, payload: Uint8Array): void {
    const parsed = this.#scheme.parse(topic);
    if (parsed === undefined) return;
    try {
      this.#dispatch(parsed, payload);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#malformed++;
    }
  }

  #dispatch(topic: RoomTopic, payload: Uint8Array): void {
    const { onState, onStateCleared, onCatalog, onRequest, onMessage } = this.#handlers;
    switch (topic.kind) {
      case "state":
        if (payload.length === 0) onStateCleared(topic.peer);
        else onState(topic.peer, parseState(payload));
        break;
      case "catalog":
        if (payload.length > 0 && topic.peer !== this.#own) onCatalog(topic.peer, parseCatalog(payload));
        break;
      case "inbox":
        if (topic.from !== this.#own) onRequest(topic.from, parseRequest(payload));
        break;
      case "all":
        if (topic.from !== this.#own) onMessage(topic.from, parseRoomMessage(payload));
        break;
      case "audio":
      case "video":
        break;
    }
  }
}
