import { varintBytes, writeVarint } from "../codec/byte-writer.ts";
import { encodePublishHeader } from "../codec/encode-publish.ts";
import type { ProtocolLevel } from "../codec/packet.ts";
import { isTopicName } from "../codec/topic-syntax.ts";

/** So many topics are remembered; a client that streams has a handful. */
const MAX_TOPICS = 256;
const PUBLISH_QOS_0 = 0x30;
const LONGEST_HEADER_BYTES = 5;

/** What stands between the length and the payload: in the next packet of a topic, and in those after it. */
interface TopicPrefix {
  next: Uint8Array;
  readonly later: Uint8Array;
}

/**
 * Writes the QoS 0 messages of one connection. What stands between length and payload is the same for all messages of
 * a topic and made once; where the server takes topic aliases, a number then stands for the topic.
 */
export class LiveEncoder {
  readonly #level: ProtocolLevel;
  readonly #aliases: number;
  readonly #prefixes = new Map<string, TopicPrefix>();

  constructor(options: { readonly level: ProtocolLevel; readonly topicAliasMaximum: number }) {
    this.#level = options.level;
    this.#aliases = Math.min(options.topicAliasMaximum, MAX_TOPICS);
  }

  /**
   * The packet, or undefined when it would be larger than `maxPacketBytes`. It must be sent, since later ones refer to
   * it. Throws TypeError when `topic` is no topic.
   */
  encode(topic: string, payload: Uint8Array, maxPacketBytes: number): Uint8Array | undefined {
    const prefix = this.#prefixes.get(topic) ?? this.#remember(topic);
    const content = prefix.next.length + payload.length;
    if (content + LONGEST_HEADER_BYTES > maxPacketBytes) return undefined;
    const start = 1 + varintBytes(content);
    const bytes = new Uint8Array(start + content);
    bytes[0] = PUBLISH_QOS_0;
    writeVarint(content, bytes, 1);
    bytes.set(prefix.next, start);
    bytes.set(payload, start + prefix.next.length);
    prefix.next = prefix.later;
    return bytes;
  }

  #remember(topic: string): TopicPrefix {
    if (!isTopicName(topic)) throw new TypeError("Nothing can be published to an empty topic or one with a wildcard.");
    const number = this.#prefixes.size + 1;
    const alias = number <= this.#aliases ? number : undefined;
    const next = this.#encodePrefix(topic, alias);
    const prefix = { next, later: alias === undefined ? next : this.#encodePrefix("", alias) };
    if (number <= MAX_TOPICS) this.#prefixes.set(topic, prefix);
    return prefix;
  }

  #encodePrefix(topic: string, topicAlias: number | undefined): Uint8Array {
    const packet = { type: "publish", topic, qos: 0, retain: false, dup: false, properties: { topicAlias } } as const;
    const header = encodePublishHeader(packet, { level: this.#level, payloadBytes: 0 });
    return header.slice(1 + varintBytes(header.length - 2));
  }
}
