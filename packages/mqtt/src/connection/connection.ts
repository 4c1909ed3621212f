import { encodePublish } from "../codec/encode-publish.ts";
import { violation } from "../codec/malformed-packet-error.ts";
import type { ConnackPacket, QoS } from "../codec/packet.ts";
import type { PublishProperties } from "../codec/properties.ts";
import { isTopicName } from "../codec/topic-syntax.ts";
import { ConnectionError } from "./connection-error.ts";
import type { ConnectionOptions, ConnectionState, PathState } from "./connection-state.ts";
import { Inbox } from "./inbox.ts";
import type { Link, SessionPacket } from "./link.ts";
import { LiveEncoder } from "./live-encoder.ts";
import { Outbox } from "./outbox.ts";
import { PacketIds } from "./packet-ids.ts";
import { Redialer } from "./redialer.ts";
import { type ServerLimits, serverLimits } from "./server-limits.ts";
import { type Message, type SubscribeOptions, Subscriptions } from "./subscriptions.ts";

/** `close` does not wait longer for the stream's end. */
const CLOSE_TIMEOUT_MS = 1_000;
/** One and a half frames at 30 fps: a frame behind a longer queue had better not be encoded. */
const MAX_QUEUE_AGE_MS = 50;

/** How a message is published. */
export interface PublishOptions {
  /** 1 when absent. */
  readonly qos?: QoS | undefined;
  readonly retain?: boolean | undefined;
  readonly properties?: PublishProperties | undefined;
  /** Gives up waiting; what the server may have seen already is not taken back. */
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a server while it is connected. */
interface Server {
  readonly link: Link;
  readonly limits: ServerLimits;
  readonly encoder: LiveEncoder;
}

/** A client of one MQTT server, which connects again when the connection is lost. It starts at once. */
export class Connection {
  onStateChange: ((state: ConnectionState) => void) | undefined;
  readonly #options: ConnectionOptions;
  readonly #redialer: Redialer;
  readonly #outbox: Outbox;
  readonly #subscriptions: Subscriptions;
  readonly #inbox = new Inbox();
  readonly #firstConnack: Promise<void>;
  #settleFirst: (error?: ConnectionError) => void = () => undefined;
  #server: Server | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const packetIds = new PacketIds();
    this.#outbox = new Outbox(packetIds);
    this.#subscriptions = new Subscriptions(packetIds);
    this.#firstConnack = new Promise((resolve, reject) => {
      this.#settleFirst = (error) => (error ? reject(error) : resolve());
    });
    this.#firstConnack.catch(() => undefined); // reported to those who ask
    const owner = {
      onState: (state: ConnectionState) => this.#stateChanged(state),
      onConnected: (link: Link, connack: ConnackPacket) => this.#connected(link, connack),
      onPacket: (packet: SessionPacket, link: Link) => this.#received(packet, link),
      onLost: () => this.#lost(),
    };
    this.#redialer = new Redialer(options, owner, options.now ?? (() => performance.now()));
  }

  get state(): ConnectionState {
    return this.#redialer.state;
  }

  /** Resolves at the first CONNACK. Rejects when the connection is over before that. */
  connected(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    if (!signal) return this.#firstConnack;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      this.#firstConnack.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  }

  /**
   * Hands `onMessage` what is published to the filter, over all reconnects. Resolves when the server grants it, rejects
   * when it refuses. Throws TypeError when `filter` is none.
   */
  subscribe(filter: string, onMessage: (message: Message) => void, options: SubscribeOptions): Promise<void> {
    if (this.state.status === "closed") return Promise.reject(closedError());
    return this.#subscriptions.add(filter, onMessage, options);
  }

  /** QoS 0, now or not at all: false when there is no connection or the packet is larger than the server takes. */
  send(topic: string, payload: Uint8Array): boolean {
    const server = this.#server;
    const bytes = server?.encoder.encode(topic, payload, server.limits.maxPacketBytes);
    if (!server || !bytes) return false;
    server.link.send(bytes);
    return true;
  }

  /**
   * QoS 1 and 2: resolves when the server has the message, which is sent again after a reconnect. QoS 0: resolves when it
   * is sent, and rejects when there is no connection now. Rejects with `full` when too much waits.
   */
  async publish(topic: string, payload: Uint8Array, options: PublishOptions = {}): Promise<void> {
    if (!isTopicName(topic)) throw new TypeError("Nothing can be published to an empty topic or one with a wildcard.");
    if (this.state.status === "closed") throw closedError();
    const { qos = 1, retain = false, properties, signal } = options;
    if (qos > 0) return this.#outbox.publish({ topic, payload, qos: qos as 1 | 2, retain, properties }, signal);
    signal?.throwIfAborted();
    if (!this.#server) throw new ConnectionError("closed", "There is no connection now.");
    const { link, limits } = this.#server;
    const packet = { type: "publish", topic, payload, qos, dup: false, properties } as const;
    const bytes = encodePublish({ ...packet, retain: retain && limits.retainAvailable }, limits.level);
    if (bytes.length > limits.maxPacketBytes) {
      throw new ConnectionError("packet-too-large", "The server does not take packets of this size.");
    }
    link.send(bytes);
  }

  /** True while so much waits that a live frame had better be dropped. Ask once for each frame, not each packet. */
  congested(nowMs: number): boolean {
    return this.oldestAgeMs(nowMs) > MAX_QUEUE_AGE_MS;
  }

  /** Bytes that were sent and wait in the stream. */
  get bufferedBytes(): number {
    return this.#server?.link.bufferedBytes ?? 0;
  }

  /** How long the oldest byte has been waiting in the stream. */
  oldestAgeMs(nowMs: number): number {
    return this.#server?.link.oldestAgeMs(nowMs) ?? 0;
  }

  /** The newest round trip of PINGREQ, queues on the way included. */
  get roundTripMs(): number | undefined {
    return this.#server?.link.roundTripMs();
  }

  /** The least of the last 30 seconds: the round trip without queues. */
  get minRoundTripMs(): number | undefined {
    return this.#server?.link.minRoundTripMs();
  }

  /** How the way to the server is; undefined without a connection, and before the first answer to a PINGREQ. */
  path(): PathState | undefined {
    return this.#server?.link.path();
  }

  /** The largest packet that the server takes, while connected to one that says so. */
  get maxPacketBytes(): number | undefined {
    return this.#server?.limits.maxPacketBytes;
  }

  /**
   * Gives this connection up and makes another at once, in a new session: what the server has not delivered yet, and what it
   * believes us to be subscribed to, is thrown away. No will is published. Does nothing while there is no connection.
   */
  renew(): void {
    this.#redialer.renew();
  }

  /** Dials now, without the rest of the wait, while the state is "waiting". Does nothing at any other time. */
  retryNow(): void {
    this.#redialer.retryNow();
  }

  /** Says goodbye, so that the server forgets the will, and ends everything that waits. May be called twice. */
  async close(): Promise<void> {
    const link = this.#redialer.close();
    if (!link) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([link.close(), timeout]);
    clearTimeout(timer);
    link.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #connected(link: Link, connack: ConnackPacket): void {
    const { sessionPresent, properties } = connack;
    const limits = serverLimits(connack, link.level);
    this.#server = { link, limits, encoder: new LiveEncoder(limits) };
    const first = !this.#redialer.wasConnected;
    this.#inbox.connected({ sessionPresent });
    this.#redialer.announce(link.level);
    this.#subscriptions.connected(link);
    const { level } = link;
    const info = { level, sessionPresent, first, clientId: this.#redialer.clientId, properties };
    this.#outbox.connected(
      { limits, send: link.send },
      { sessionPresent, announce: () => this.#options.onConnected?.(info) },
    );
    this.#settleFirst();
  }

  #lost(): void {
    this.#server = undefined;
    this.#subscriptions.lost();
    this.#outbox.lost();
  }

  #received(packet: SessionPacket, link: Link): void {
    switch (packet.type) {
      case "publish":
        this.#inbox.publish(packet, link, (message) => this.#subscriptions.deliver(message));
        break;
      case "pubrel":
        this.#inbox.release(packet.packetId, link);
        break;
      case "puback":
      case "pubrec":
      case "pubcomp":
        if (!this.#outbox.acknowledged(packet)) throw violation(`${packet.type} does not answer what was sent`);
        break;
      case "suback":
        this.#subscriptions.granted(packet);
        break;
      case "unsuback":
        this.#subscriptions.ended(packet.packetId);
        break;
    }
  }

  #stateChanged(state: ConnectionState): void {
    if (state.status === "closed") {
      const error = state.error ?? closedError();
      this.#lost();
      this.#subscriptions.close(error);
      this.#outbox.close(error);
      this.#settleFirst(error);
    }
    this.onStateChange?.(state);
  }
}

function closedError(): ConnectionError {
  return new ConnectionError("closed", "The connection was closed.");
}
