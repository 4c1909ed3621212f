import {
  type AcknowledgementPacket,
  MalformedPacketError,
  type Packet,
  type ProtocolLevel,
  type PublishPacket,
  ReasonCode,
  type SubscribePacket,
  type UnsubscribePacket,
} from "@mqtt-meet/mqtt";
import type { BrokerCore } from "./broker-core.ts";
import type { PublishOutcome } from "./fan-out.ts";
import { isRefusedQuietly } from "./grant.ts";
import type { Session } from "./session.ts";
import { deliverRetained, subscribe, unsubscribe } from "./subscribe.ts";
import { areAcceptableUserProperties } from "./topic-rules.ts";

/** What an {@link Exchange} needs. */
export interface ExchangeOptions {
  readonly core: BrokerCore;
  readonly session: Session;
  readonly level: ProtocolLevel;
  readonly reply: (packet: Packet) => void;
  /** The client acknowledges what was never sent, or not any more. */
  readonly onUnasked: () => void;
}

/** What {@link Exchange.handle} takes: everything between CONNECT and DISCONNECT. */
export type ExchangePacket = Exclude<Packet, { type: "connect" | "disconnect" | "auth" }>;

const REASON_BY_OUTCOME: Readonly<Record<PublishOutcome, number>> = {
  delivered: ReasonCode.success,
  nobody: ReasonCode.noMatchingSubscribers,
  quota: ReasonCode.quotaExceeded,
};

/** What a connected client says, and what it is answered. Throws MalformedPacketError when it has to be closed. */
export class Exchange {
  readonly #core: BrokerCore;
  readonly #session: Session;
  readonly #level: ProtocolLevel;
  readonly #reply: (packet: Packet) => void;
  readonly #onUnasked: () => void;
  /** Topics by the aliases that the client gave them. */
  readonly #topics = new Map<number, string>();

  constructor(options: ExchangeOptions) {
    this.#core = options.core;
    this.#session = options.session;
    this.#level = options.level;
    this.#reply = options.reply;
    this.#onUnasked = options.onUnasked;
  }

  handle(packet: ExchangePacket): void {
    switch (packet.type) {
      case "publish":
        this.#publish(packet);
        break;
      case "puback":
      case "pubcomp":
        this.#finished(packet, packet.type);
        break;
      case "pubrec":
        this.#received(packet);
        break;
      case "pubrel":
        this.#released(packet);
        break;
      case "subscribe":
        this.#subscribe(packet);
        break;
      case "unsubscribe":
        this.#unsubscribe(packet);
        break;
      case "pingreq":
        this.#reply({ type: "pingresp" });
        break;
      case "connack":
      case "suback":
      case "unsuback":
      case "pingresp":
        throw new MalformedPacketError(ReasonCode.protocolError, "Only a server sends such a packet.");
    }
  }

  #publish(packet: PublishPacket): void {
    this.#core.counters.messagesIn++;
    const { qos, packetId = 0 } = packet;
    const topic = this.#checkedTopic(packet);
    const { received } = this.#session;
    if (qos === 2 && received.has(packetId)) {
      this.#reply({ type: "pubrec", packetId, reasonCode: ReasonCode.success });
      return;
    }
    // Before MQTT 5 a client cannot know a maximum.
    if (qos === 2 && this.#level === 5 && received.size >= this.#core.limits.receiveMaximum) {
      throw new MalformedPacketError(ReasonCode.receiveMaximumExceeded, "Too many messages are not released.");
    }
    this.#acknowledge(packet, this.#mayPublish(packet, topic) ? this.#deliver(packet, topic) : undefined);
  }

  #checkedTopic(packet: PublishPacket): string {
    const { limits, topics } = this.#core;
    const { properties } = packet;
    if (packet.qos > this.#session.grant.maxQos) {
      throw new MalformedPacketError(ReasonCode.qosNotSupported, "This QoS was not granted.");
    }
    if (properties?.subscriptionIdentifiers) {
      throw new MalformedPacketError(ReasonCode.protocolError, "Only a server sends subscription identifiers.");
    }
    if (!areAcceptableUserProperties(properties, limits)) {
      throw new MalformedPacketError(ReasonCode.quotaExceeded, "Too many user properties.");
    }
    const topic = this.#resolveAlias(packet.topic, properties?.topicAlias);
    if (!topics.isAcceptable(topic)) {
      throw new MalformedPacketError(ReasonCode.topicNameInvalid, "The topic is too long or too deep.");
    }
    return topic;
  }

  #resolveAlias(topic: string, alias: number | undefined): string {
    if (alias === undefined) return topic;
    if (alias > this.#core.limits.topicAliasMaximum) {
      throw new MalformedPacketError(ReasonCode.topicAliasInvalid, "The topic alias is too large.");
    }
    if (topic !== "") {
      this.#topics.set(alias, topic);
      return topic;
    }
    const known = this.#topics.get(alias);
    if (known === undefined) throw new MalformedPacketError(ReasonCode.protocolError, "The topic alias is not known.");
    return known;
  }

  #mayPublish(packet: PublishPacket, topic: string): boolean {
    const { grant } = this.#session;
    const { qos, retain, payload } = packet;
    if (grant.mayPublish(topic, { qos, retain, will: false, payloadBytes: payload.length })) return true;
    this.#core.counters.publishesRefused++;
    if (isRefusedQuietly(grant, topic)) return false;
    throw new MalformedPacketError(ReasonCode.notAuthorized, "Not allowed to publish this.");
  }

  #deliver(packet: PublishPacket, topic: string): PublishOutcome {
    const { payload, qos, retain, properties } = packet;
    const origin = { publisher: this.#session, owner: this.#session.rights };
    const outcome = this.#core.fanOut.publish({ topic, payload, qos, retain, properties }, origin);
    if (outcome === "quota") this.#core.counters.publishesRefused++;
    return outcome;
  }

  /** `outcome` is undefined when the message was not allowed, which 3.1.1 cannot say. */
  #acknowledge(packet: PublishPacket, outcome: PublishOutcome | undefined): void {
    const { qos, packetId = 0 } = packet;
    if (qos === 0) return;
    const reason = outcome ? REASON_BY_OUTCOME[outcome] : ReasonCode.notAuthorized;
    const reasonCode = this.#level === 5 ? reason : ReasonCode.success;
    if (qos === 2 && reasonCode < ReasonCode.unspecifiedError) this.#session.received.add(packetId);
    this.#reply({ type: qos === 1 ? "puback" : "pubrec", packetId, reasonCode });
  }

  #released(packet: AcknowledgementPacket): void {
    const { packetId } = packet;
    const isKnown = this.#session.received.delete(packetId);
    if (!isKnown) this.#onUnasked();
    const reasonCode = isKnown ? ReasonCode.success : ReasonCode.packetIdentifierNotFound;
    this.#reply({ type: "pubcomp", packetId, reasonCode });
  }

  #received(packet: AcknowledgementPacket): void {
    const { packetId } = packet;
    const { outbox, link } = this.#session;
    const answer = outbox.acknowledge(packetId, "pubrec");
    if (answer === "wrong") throw wrongAcknowledgement();
    if (answer === "unknown") this.#onUnasked();
    if (packet.reasonCode >= ReasonCode.unspecifiedError) {
      outbox.abandon(packetId);
      link?.sendReliable();
      return;
    }
    const reasonCode = answer === "known" ? ReasonCode.success : ReasonCode.packetIdentifierNotFound;
    this.#reply({ type: "pubrel", packetId, reasonCode });
  }

  /** An unknown id is no fault: after a reconnect both sides may have forgotten different things. */
  #finished(packet: AcknowledgementPacket, type: "puback" | "pubcomp"): void {
    const answer = this.#session.outbox.acknowledge(packet.packetId, type);
    if (answer === "wrong") throw wrongAcknowledgement();
    if (answer === "known") this.#session.link?.sendReliable();
    else this.#onUnasked();
  }

  #subscribe(packet: SubscribePacket): void {
    this.#checkUserProperties(packet);
    const session = this.#session;
    const outcome = subscribe(this.#core, { session, packet });
    const reasonCodes =
      this.#level === 5
        ? outcome.reasonCodes
        : outcome.reasonCodes.map((code) => Math.min(code, ReasonCode.unspecifiedError));
    this.#reply({ type: "suback", packetId: packet.packetId, reasonCodes });
    for (const subscription of outcome.wantRetained) deliverRetained(this.#core, { session, subscription });
  }

  #unsubscribe(packet: UnsubscribePacket): void {
    this.#checkUserProperties(packet);
    const { packetId, filters } = packet;
    const reasonCodes = unsubscribe(this.#core, { session: this.#session, filters });
    this.#reply({ type: "unsuback", packetId, reasonCodes });
  }

  #checkUserProperties(packet: SubscribePacket | UnsubscribePacket): void {
    if (areAcceptableUserProperties(packet.properties, this.#core.limits)) return;
    throw new MalformedPacketError(ReasonCode.quotaExceeded, "Too many user properties.");
  }
}

function wrongAcknowledgement(): MalformedPacketError {
  return new MalformedPacketError(ReasonCode.protocolError, "This message needs another acknowledgement.");
}
