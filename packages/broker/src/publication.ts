import { encodePacket, type ProtocolLevel, type PublishProperties, type QoS } from "@mqtt-meet/mqtt";
import { type Classification, LANES } from "./classification.ts";
import type { EgressEntry } from "./egress-queue.ts";
import type { Rights } from "./grant.ts";

/** What a {@link Publication} is made of. */
export interface PublicationContent {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Only what is passed on to subscribers counts. */
  readonly properties?: PublishProperties | undefined;
}

/** How a QoS 0 copy differs from others of the same message. */
export interface CopyForm {
  readonly level: ProtocolLevel;
  readonly retain: boolean;
  readonly identifiers?: readonly number[] | undefined;
}

/** How a copy of QoS 1 or 2 differs from others of the same message. */
export interface ReliableForm extends CopyForm {
  readonly qos: 1 | 2;
  readonly packetId: number;
  readonly dup: boolean;
}

/** A packet in a queue: mostly a QoS 0 message, from which a copy with a topic alias can be made. */
export interface PublicationEntry extends EgressEntry {
  /** Not an acknowledgement. */
  readonly isMessage: boolean;
  /** Undefined when an alias would save little. */
  readonly aliasSource?: Publication | undefined;
}

/** Any other packet, and messages of QoS 1 and 2: never dropped, before everything else. */
export function controlEntry(
  bytes: Uint8Array,
  options: { readonly nowMs: number; readonly isMessage?: boolean },
): PublicationEntry {
  return {
    bytes,
    lane: 0,
    enqueuedAtMs: options.nowMs,
    droppable: false,
    maxAgeMs: Number.POSITIVE_INFINITY,
    stream: undefined,
    beginsKeyFrame: false,
    isMessage: options.isMessage ?? false,
    aliasSource: undefined,
  };
}

/** A payload this many times as long as its topic makes an alias not worth its own encoding. */
const ALIAS_WORTH = 8;

/** A plain QoS 0 message goes last and never gets too old. */
const PLAIN: Classification = { lane: "video-large" };

/**
 * One message on its way to all its subscribers. It is encoded once for each form in which it leaves (protocol level,
 * retain flag), and everybody who gets that form shares the bytes.
 */
export class Publication {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly publishedAtMs: number;
  readonly expiresAtMs: number;
  readonly #classification: Classification;
  readonly #owner: Rights | undefined;
  #payload: Uint8Array;
  #properties: PublishProperties | undefined;
  #isKept = false;
  /** By level and retain flag. */
  readonly #entries: (PublicationEntry | undefined)[] = [undefined, undefined, undefined, undefined];
  /** By retain flag and subscription identifiers, which only MQTT 5 has. */
  #identifiedEntries: Map<string, PublicationEntry> | undefined;
  #aliased: Map<number, Uint8Array> | undefined;

  constructor(
    content: PublicationContent,
    options: {
      readonly nowMs: number;
      readonly classification?: Classification | undefined;
      /** Only of retained messages. */
      readonly owner?: Rights | undefined;
    },
  ) {
    const { topic, payload, qos, retain, properties } = content;
    this.topic = topic;
    this.qos = qos;
    this.retain = retain;
    this.#payload = payload;
    this.#properties = properties && forwarded(properties);
    this.publishedAtMs = options.nowMs;
    const expiryS = properties?.messageExpiryS;
    this.expiresAtMs = expiryS === undefined ? Number.POSITIVE_INFINITY : options.nowMs + expiryS * 1000;
    this.#classification = options.classification ?? PLAIN;
    this.#owner = options.owner;
  }

  /** About what it takes in memory. */
  get sizeBytes(): number {
    return this.topic.length + this.#payload.length;
  }

  /** An empty retained message deletes. */
  get isEmpty(): boolean {
    return this.#payload.length === 0;
  }

  /** Must be called before the message outlives the chunk that it came in, which may be much larger. */
  keep(): void {
    if (this.#isKept) return;
    this.#isKept = true;
    this.#payload = this.#payload.slice();
    const correlationData = this.#properties?.correlationData;
    if (correlationData) this.#properties = { ...this.#properties, correlationData: correlationData.slice() };
  }

  /** Whether a retained message may still be delivered: its owner may have lost the right to it. */
  get isStillAllowed(): boolean {
    const { topic, qos } = this;
    const request = { qos, retain: true, will: false, payloadBytes: this.#payload.length };
    return this.#owner?.grant.mayPublish(topic, request) ?? true;
  }

  /** The same message without its encoded copies, to be stored for long. */
  retained(owner: Rights | undefined): Publication {
    this.keep();
    const { topic, qos, retain } = this;
    const content = { topic, payload: this.#payload, qos, retain, properties: this.#properties };
    const classification = this.#classification;
    const copy = new Publication(content, { nowMs: this.publishedAtMs, classification, owner });
    copy.#isKept = true;
    return copy;
  }

  /** The QoS 0 copy in this form, shared by all who get it. */
  entry(form: CopyForm, nowMs: number): PublicationEntry {
    // An old message is a retained one, which one subscriber asks for at a time.
    if (nowMs - this.publishedAtMs >= 1000) return this.#newEntry(form, nowMs);
    if (form.identifiers) return this.#identifiedEntry(form, nowMs);
    const index = (form.level === 5 ? 1 : 0) | (form.retain ? 2 : 0);
    const existing = this.#entries[index];
    if (existing) return existing;
    const entry = this.#newEntry(form, nowMs);
    this.#entries[index] = entry;
    return entry;
  }

  /** The same QoS 0 copy with a topic alias for MQTT 5: `announce` says what it stands for. */
  aliased(alias: number, announce: boolean): Uint8Array {
    this.#aliased ??= new Map();
    const key = alias * 2 + (announce ? 1 : 0);
    let bytes = this.#aliased.get(key);
    if (!bytes) {
      const properties = { ...this.#properties, topicAlias: alias };
      const topic = announce ? this.topic : "";
      bytes = encodePacket(
        { type: "publish", topic, payload: this.#payload, qos: 0, retain: false, dup: false, properties },
        5,
      );
      this.#aliased.set(key, bytes);
    }
    return bytes;
  }

  /** A copy of QoS 1 or 2, which has a packet id of its own. */
  encodeReliable(form: ReliableForm, nowMs: number): Uint8Array {
    return this.#encode(form, nowMs);
  }

  #identifiedEntry(form: CopyForm, nowMs: number): PublicationEntry {
    this.#identifiedEntries ??= new Map();
    const key = `${form.retain} ${form.identifiers?.join()}`;
    const existing = this.#identifiedEntries.get(key);
    if (existing) return existing;
    const entry = this.#newEntry(form, nowMs);
    this.#identifiedEntries.set(key, entry);
    return entry;
  }

  #newEntry(form: CopyForm, nowMs: number): PublicationEntry {
    const { lane, maxAgeMs = Number.POSITIVE_INFINITY, keyFrame, stream = this.topic } = this.#classification;
    const mayAlias = form.level === 5 && !form.retain && form.identifiers === undefined;
    return {
      bytes: this.#encode(form, nowMs),
      lane: LANES.indexOf(lane),
      enqueuedAtMs: nowMs,
      droppable: true,
      maxAgeMs,
      stream: keyFrame === undefined ? undefined : stream,
      beginsKeyFrame: keyFrame ?? false,
      isMessage: true,
      aliasSource: mayAlias && this.#payload.length <= ALIAS_WORTH * this.topic.length ? this : undefined,
    };
  }

  #encode(form: CopyForm & Partial<ReliableForm>, nowMs: number): Uint8Array {
    const { level, retain, identifiers, qos = 0, packetId, dup = false } = form;
    const properties = level === 5 ? this.#propertiesFor(identifiers, nowMs) : undefined;
    return encodePacket(
      { type: "publish", topic: this.topic, payload: this.#payload, qos, retain, dup, packetId, properties },
      level,
    );
  }

  #propertiesFor(identifiers: readonly number[] | undefined, nowMs: number): PublishProperties | undefined {
    let properties = this.#properties;
    if (properties?.messageExpiryS !== undefined) {
      const waitedS = Math.floor((nowMs - this.publishedAtMs) / 1000);
      if (waitedS > 0) properties = { ...properties, messageExpiryS: Math.max(0, properties.messageExpiryS - waitedS) };
    }
    return identifiers ? { ...properties, subscriptionIdentifiers: identifiers } : properties;
  }
}

/** Alias and identifiers are between each client and the broker. */
function forwarded(properties: PublishProperties): PublishProperties {
  const { topicAlias: _alias, subscriptionIdentifiers: _identifiers, ...rest } = properties;
  return rest;
}
