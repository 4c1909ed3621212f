import type { BrokerLimits, Grant } from "@mqtt-meet/broker";
import {
  areAcceptableUserProperties,
  isAcceptableFilter,
  isRefusedQuietly,
  type TopicCheck,
} from "@mqtt-meet/broker/parts";
import {
  MalformedPacketError,
  type PublishPacket,
  ReasonCode,
  type SubscribePacket,
  type Subscription,
  type UnsubscribePacket,
} from "@mqtt-meet/mqtt";

/** What a {@link ClientGuard} judges by. */
export interface ClientGuardOptions {
  readonly grant: Grant;
  readonly limits: BrokerLimits;
  readonly topics: TopicCheck;
}

/** What of a SUBSCRIBE goes on to the broker. */
export interface JudgedSubscribe {
  /** The filters that were granted; none: nothing goes on. */
  readonly granted: readonly Subscription[];
  /** One for each filter of the client: why it was refused, or undefined where the broker answers. */
  readonly refusals: readonly (number | undefined)[];
}

/**
 * Judges what a client sends, with the grant that the embedded broker would give it. Decides only: sends nothing, waits
 * for nothing.
 */
export class ClientGuard {
  readonly #grant: Grant;
  readonly #limits: BrokerLimits;
  readonly #topics: TopicCheck;
  /** Topics by the aliases that the client gave them. */
  readonly #aliases = new Map<number, string>();
  readonly #filters = new Set<string>();

  constructor({ grant, limits, topics }: ClientGuardOptions) {
    this.#grant = grant;
    this.#limits = limits;
    this.#topics = topics;
  }

  get subscriptions(): number {
    return this.#filters.size;
  }

  /**
   * The message as it goes on to the broker, with its topic spelt out; undefined when it is dropped. Throws
   * MalformedPacketError when the connection has to end.
   */
  publish(packet: PublishPacket): PublishPacket | undefined {
    const { qos, retain, payload, properties } = packet;
    if (qos > this.#grant.maxQos) throw refusal(ReasonCode.qosNotSupported, "This QoS was not granted.");
    this.#checkUserProperties(packet);
    const topic = this.#resolveAlias(packet.topic, properties?.topicAlias);
    if (!this.#topics.isAcceptable(topic)) {
      throw refusal(ReasonCode.topicNameInvalid, "The topic is too long or too deep.");
    }
    if (!this.#grant.mayPublish(topic, { qos, retain, will: false, payloadBytes: payload.length })) {
      if (isRefusedQuietly(this.#grant, topic)) return undefined;
      throw refusal(ReasonCode.notAuthorized, "Not allowed to publish this.");
    }
    if (!properties) return { ...packet, topic };
    const { topicAlias: _alias, ...rest } = properties;
    return { ...packet, topic, properties: rest };
  }

  /** Which filters go on. Throws MalformedPacketError when the connection has to end. */
  subscribe(packet: SubscribePacket): JudgedSubscribe {
    this.#checkUserProperties(packet);
    const isTooLong = packet.subscriptions.length > this.#limits.maxFiltersPerSubscribe;
    const granted: Subscription[] = [];
    const refusals = packet.subscriptions.map((subscription) => {
      const { filter } = subscription;
      const problem = isTooLong ? ReasonCode.quotaExceeded : this.#filterProblem(filter);
      if (problem !== undefined) return problem;
      this.#filters.add(filter);
      granted.push({ ...subscription, qos: Math.min(subscription.qos, this.#grant.maxQos) as 0 | 1 | 2 });
      return undefined;
    });
    return { granted, refusals };
  }

  unsubscribe(packet: UnsubscribePacket): void {
    this.#checkUserProperties(packet);
    for (const filter of packet.filters) this.#filters.delete(filter);
  }

  /**
   * Whether the client may have what the broker sends it. Some brokers grant every filter, and a session may be older
   * than the grant; a topic is a filter that matches itself only.
   */
  mayReceive(topic: string): boolean {
    return this.#grant.maySubscribe(topic) && (this.#grant.mayReceive?.(topic) ?? true);
  }

  #filterProblem(filter: string): number | undefined {
    if (!isAcceptableFilter(filter, this.#limits)) return ReasonCode.topicFilterInvalid;
    if (!this.#grant.maySubscribe(filter)) return ReasonCode.notAuthorized;
    const isFull = this.#filters.size >= this.#limits.maxSubscriptionsPerClient && !this.#filters.has(filter);
    return isFull ? ReasonCode.quotaExceeded : undefined;
  }

  #resolveAlias(topic: string, alias: number | undefined): string {
    if (alias === undefined) return topic;
    if (alias > this.#limits.topicAliasMaximum) {
      throw refusal(ReasonCode.topicAliasInvalid, "The topic alias is too large.");
    }
    const resolved = topic === "" ? this.#aliases.get(alias) : topic;
    if (resolved === undefined) throw refusal(ReasonCode.protocolError, "The topic alias is not known.");
    this.#aliases.set(alias, resolved);
    return resolved;
  }

  #checkUserProperties({ properties }: PublishPacket | SubscribePacket | UnsubscribePacket): void {
    if (areAcceptableUserProperties(properties, this.#limits)) return;
    throw refusal(ReasonCode.quotaExceeded, "Too many user properties.");
  }
}

function refusal(reasonCode: number, message: string): MalformedPacketError {
  return new MalformedPacketError(reasonCode, message);
}
