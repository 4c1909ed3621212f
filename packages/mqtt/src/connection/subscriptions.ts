import { encodeClientPacket } from "../codec/encode-client-packet.ts";
import type { ProtocolLevel, QoS, SubackPacket } from "../codec/packet.ts";
import type { PublishProperties } from "../codec/properties.ts";
import { ReasonCode } from "../codec/reason-code.ts";
import { isTopicFilter, topicMatches } from "../codec/topic-syntax.ts";
import { AbortWaiters } from "./abort-waiters.ts";
import type { ConnectionError } from "./connection-error.ts";
import type { PacketIds } from "./packet-ids.ts";
import { refusalError } from "./server-error.ts";

/** For so many topics it is remembered who gets their messages. */
const MAX_REMEMBERED_TOPICS = 512;
/** A cluster that elects a leader refuses for some seconds; then each wait is twice the last. */
const ASK_AGAIN_MS = 1_000;
const LONGEST_ASK_AGAIN_MS = 30_000;
/** Before MQTT 5 every refusal is the first of these. */
const TRANSIENT: ReadonlySet<number> = new Set([
  ReasonCode.unspecifiedError,
  ReasonCode.implementationSpecificError,
  ReasonCode.serverBusy,
  ReasonCode.quotaExceeded,
]);

/** A message as it arrives. */
export interface Message {
  readonly topic: string;
  /** Belongs to the receiver. May be a view of a larger buffer: copy what is kept for long. */
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: PublishProperties | undefined;
}

/** How a filter is subscribed to. */
export interface SubscribeOptions {
  /** 0 when absent. */
  readonly qos?: QoS | undefined;
  /** Not what this client published itself; MQTT 5 only. */
  readonly noLocal?: boolean | undefined;
  /** Retained messages: 0 at every subscribe (and reconnect), 1 only when new, 2 never; MQTT 5 only. */
  readonly retainHandling?: 0 | 1 | 2 | undefined;
  /**
   * How often a refusal that says nothing of rights is asked again before it counts, after 1, 2, 4 … s: a cluster that
   * elects a leader refuses for some seconds. 0 when absent.
   */
  readonly retries?: number | undefined;
  /** Aborting it unsubscribes. */
  readonly signal: AbortSignal;
}

/** A connection as {@link Subscriptions} sees it. */
export interface SubscriptionLink {
  readonly level: ProtocolLevel;
  send(bytes: Uint8Array): void;
}

interface Subscriber {
  readonly onMessage: (message: Message) => void;
  readonly options: SubscribeOptions;
  /** Undefined once the server has answered. */
  settle: ((error?: unknown) => void) | undefined;
}

interface Pending {
  readonly filter: string;
  /** Those who hear of the answer. */
  readonly subscribers: readonly Subscriber[];
}

/** Who wants which messages, over as many connections as it takes. */
export class Subscriptions {
  readonly #packetIds: PacketIds;
  readonly #filters = new Map<string, Subscriber[]>();
  readonly #pending = new Map<number, Pending>();
  readonly #receivers = new Map<string, readonly Subscriber[]>();
  readonly #aborts = new AbortWaiters();
  #link: SubscriptionLink | undefined;

  /** Filters that are refused on this connection, and were granted on an earlier one or may still be. */
  readonly #refused = new Map<string, { readonly refusals: number; readonly timer: ReturnType<typeof setTimeout> }>();

  constructor(packetIds: PacketIds) {
    this.#packetIds = packetIds;
  }

  /** Resolves when the server has granted it, if need be after a reconnect. Rejects when it refuses. */
  add(filter: string, onMessage: (message: Message) => void, options: SubscribeOptions): Promise<void> {
    if (!isTopicFilter(filter)) throw new TypeError(`"${filter}" is not a topic filter.`);
    const { signal } = options;
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown) => {
        subscriber.settle = undefined;
        if (error === undefined) resolve();
        else reject(error);
      };
      const subscriber: Subscriber = { onMessage, options, settle };
      const subscribers = this.#filters.get(filter);
      if (subscribers) subscribers.push(subscriber);
      else this.#filters.set(filter, [subscriber]);
      this.#receivers.clear();
      this.#aborts.add(signal, () => this.#leave(filter, subscriber));
      this.#subscribe(filter);
    });
  }

  /** A server is there: everything is subscribed to again, whatever it may remember. */
  connected(link: SubscriptionLink): void {
    this.#link = link;
    for (const filter of this.#filters.keys()) this.#subscribe(filter);
  }

  /** The connection broke; what was not answered is asked again on the next. */
  lost(): void {
    this.#link = undefined;
    for (const { timer } of this.#refused.values()) clearTimeout(timer);
    this.#refused.clear();
    for (const packetId of this.#pending.keys()) this.#packetIds.release(packetId);
    this.#pending.clear();
  }

  /** Ends everything. */
  close(error: ConnectionError): void {
    this.lost();
    const all = [...this.#filters.values()].flat();
    this.#filters.clear();
    this.#receivers.clear();
    for (const subscriber of all) subscriber.settle?.(error);
  }

  granted({ packetId, reasonCodes, properties }: SubackPacket): void {
    const pending = this.#pending.get(packetId);
    if (!pending) return;
    this.#answered(packetId);
    const reasonCode = reasonCodes[0] ?? 0x80;
    if (reasonCode < 0x80) {
      this.#refused.delete(pending.filter);
      for (const subscriber of pending.subscribers) subscriber.settle?.();
      return;
    }
    const refusals = this.#refused.get(pending.filter)?.refusals ?? 0;
    const isPatient = ({ options }: Subscriber) => TRANSIENT.has(reasonCode) && refusals < (options.retries ?? 0);
    const [stay, go] = [
      pending.subscribers.filter((each) => each.settle === undefined || isPatient(each)),
      pending.subscribers.filter((each) => each.settle !== undefined && !isPatient(each)),
    ];
    if (stay.length > 0) this.#askAgain(pending.filter);
    const error = refusalError("subscription", { reasonCode, properties });
    for (const subscriber of go) this.#refuse(pending.filter, subscriber, error);
  }

  /** UNSUBACK: the packet id is free again, whatever the server says. */
  ended(packetId: number): void {
    if (this.#pending.has(packetId)) this.#answered(packetId);
  }

  deliver(message: Message): void {
    for (const subscriber of this.#receiversOf(message.topic)) subscriber.onMessage(message);
  }

  #receiversOf(topic: string): readonly Subscriber[] {
    const known = this.#receivers.get(topic);
    if (known) return known;
    const found = [...this.#filters].flatMap(([filter, subscribers]) =>
      topicMatches(withoutShare(filter), topic) ? subscribers : [],
    );
    if (this.#receivers.size >= MAX_REMEMBERED_TOPICS) this.#receivers.clear();
    this.#receivers.set(topic, found);
    return found;
  }

  #subscribe(filter: string): void {
    const subscribers = this.#filters.get(filter);
    if (!this.#link || !subscribers) return;
    const packetId = this.#packetIds.take();
    if (packetId === undefined) return; // asked again on the next connection
    this.#pending.set(packetId, { filter, subscribers: [...subscribers] });
    const subscription = { filter, retainAsPublished: false, ...merged(subscribers) };
    this.#link.send(
      encodeClientPacket({ type: "subscribe", packetId, subscriptions: [subscription] }, this.#link.level),
    );
  }

  #leave(filter: string, subscriber: Subscriber): void {
    const isLast = this.#remove(filter, subscriber);
    subscriber.settle?.(subscriber.options.signal.reason);
    if (!isLast || !this.#link) return;
    const packetId = this.#packetIds.take();
    if (packetId === undefined) return;
    this.#pending.set(packetId, { filter, subscribers: [] });
    this.#link.send(encodeClientPacket({ type: "unsubscribe", packetId, filters: [filter] }, this.#link.level));
  }

  /** What was granted once, or is waited for, is asked again: a cluster that has just lost a node refuses for a while, and nobody would notice. */
  #askAgain(filter: string): void {
    const { refusals, timer } = this.#refused.get(filter) ?? { refusals: 0, timer: undefined };
    clearTimeout(timer);
    const delayMs = Math.min(ASK_AGAIN_MS * 2 ** refusals, LONGEST_ASK_AGAIN_MS);
    this.#refused.set(filter, { refusals: refusals + 1, timer: setTimeout(() => this.#subscribe(filter), delayMs) });
  }

  #refuse(filter: string, subscriber: Subscriber, error: ConnectionError): void {
    this.#remove(filter, subscriber);
    subscriber.settle?.(error);
  }

  /** Returns whether the filter now has no subscriber, and had one. */
  #remove(filter: string, subscriber: Subscriber): boolean {
    const subscribers = this.#filters.get(filter);
    const index = subscribers?.indexOf(subscriber) ?? -1;
    if (!subscribers || index < 0) return false;
    subscribers.splice(index, 1);
    this.#receivers.clear();
    if (subscribers.length === 0) this.#filters.delete(filter);
    return subscribers.length === 0;
  }

  #answered(packetId: number): void {
    this.#pending.delete(packetId);
    this.#packetIds.release(packetId);
  }
}

/** One subscription for all who share a filter: it must give each of them what it asked for. */
function merged(subscribers: readonly Subscriber[]): { qos: QoS; noLocal: boolean; retainHandling: 0 | 1 | 2 } {
  const options = subscribers.map((subscriber) => subscriber.options);
  return {
    qos: Math.max(...options.map(({ qos = 0 }) => qos)) as QoS,
    noLocal: options.every(({ noLocal = false }) => noLocal),
    retainHandling: Math.min(...options.map(({ retainHandling = 0 }) => retainHandling)) as 0 | 1 | 2,
  };
}

function withoutShare(filter: string): string {
  return filter.startsWith("$share/") ? filter.slice(filter.indexOf("/", "$share/".length) + 1) : filter;
}
