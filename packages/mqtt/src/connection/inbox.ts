import { encodeClientPacket } from "../codec/encode-client-packet.ts";
import { MalformedPacketError, violation } from "../codec/malformed-packet-error.ts";
import type { ProtocolLevel, PublishPacket } from "../codec/packet.ts";
import { ReasonCode } from "../codec/reason-code.ts";
import type { Message } from "./subscriptions.ts";

/** How many topic aliases a server may use towards us. */
export const TOPIC_ALIAS_MAXIMUM = 64;

/** A connection as the {@link Inbox} sees it. */
export interface InboxLink {
  readonly level: ProtocolLevel;
  send(bytes: Uint8Array): void;
}

/** What arrives: topic aliases are resolved, QoS 1 and 2 acknowledged, and QoS 2 delivered once. */
export class Inbox {
  /** QoS 2 messages that were delivered and not released yet. */
  readonly #delivered = new Set<number>();
  readonly #aliases = new Map<number, string>();

  /** A new connection begins without aliases, and without a session also without QoS 2 state. */
  connected(options: { readonly sessionPresent: boolean }): void {
    this.#aliases.clear();
    if (!options.sessionPresent) this.#delivered.clear();
  }

  /** Delivers under the message's full topic, then acknowledges. */
  publish(packet: PublishPacket, link: InboxLink, deliver: (message: Message) => void): void {
    const topic = this.#resolve(packet);
    const { payload, qos, retain, packetId = 0, properties } = packet;
    const repeated = qos === 2 && this.#delivered.has(packetId);
    if (qos === 2) this.#delivered.add(packetId);
    if (!repeated) deliver({ topic, payload, qos, retain, properties });
    if (qos === 0) return;
    const type = qos === 1 ? "puback" : "pubrec";
    link.send(encodeClientPacket({ type, packetId, reasonCode: ReasonCode.success }, link.level));
  }

  /** PUBREL: the sender will not send the message again. */
  release(packetId: number, link: InboxLink): void {
    const known = this.#delivered.delete(packetId);
    const reasonCode = known ? ReasonCode.success : ReasonCode.packetIdentifierNotFound;
    link.send(encodeClientPacket({ type: "pubcomp", packetId, reasonCode }, link.level));
  }

  #resolve({ topic, properties }: PublishPacket): string {
    const alias = properties?.topicAlias;
    if (alias === undefined) return topic;
    if (alias > TOPIC_ALIAS_MAXIMUM) {
      throw new MalformedPacketError(ReasonCode.topicAliasInvalid, `Topic alias ${alias} is larger than allowed.`);
    }
    if (topic !== "") this.#aliases.set(alias, topic);
    const known = this.#aliases.get(alias);
    if (known === undefined) throw violation(`topic alias ${alias} was never set`);
    return known;
  }
}
