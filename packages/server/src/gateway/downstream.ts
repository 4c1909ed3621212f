import type { EgressLimits } from "@mqtt-meet/broker";
import {
  AliasTable,
  controlEntry,
  Egress,
  Publication,
  type PublicationEntry,
  type Terms,
} from "@mqtt-meet/broker/parts";
import { type ByteStream, encodePacket, type Packet, type ProtocolLevel, type PublishPacket } from "@mqtt-meet/mqtt";
import type { GatewayCore } from "./gateway-core.ts";

/** What a {@link Downstream} needs. */
export interface DownstreamOptions {
  readonly core: GatewayCore;
  readonly stream: ByteStream;
  readonly level: ProtocolLevel;
  readonly terms: Terms;
  readonly limits: EgressLimits;
  /** More reliable messages wait than may: the connection has to end. */
  readonly onOverflow: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The way from the broker behind the gateway to a client: the embedded broker's queue, with its lanes, ages and drops.
 * What the broker sends is always taken, so that no broker ever sees a slow subscriber.
 */
export class Downstream {
  readonly #options: DownstreamOptions;
  readonly #egress: Egress;

  constructor(options: DownstreamOptions) {
    const { core, stream, terms, limits } = options;
    this.#options = options;
    this.#egress = new Egress({
      stream,
      batch: core.batch,
      joiner: core.joiner,
      counters: core.counters,
      now: core.now,
      highWaterBytes: core.limits.highWaterBytes,
      maxBytes: limits.maxBytes,
      onEmpty: () => undefined,
      onError: options.onError,
    });
    const maximum = terms.topicAliasMaximum;
    if (maximum > 0) this.#egress.aliases = new AliasTable({ maximum });
  }

  get queuedBytes(): number {
    return this.#egress.queuedBytes;
  }

  noteOldest(sinceMs: number[]): void {
    this.#egress.noteOldest(sinceMs);
  }

  /** Passes a message of the broker on. Its payload may be a view. */
  message(packet: PublishPacket): void {
    const { core, level, terms } = this.#options;
    const { topic, payload, qos, retain, dup, packetId = 0 } = packet;
    const { subscriptionIdentifiers: identifiers, ...properties } = packet.properties ?? {};
    const nowMs = core.now();
    const classification = qos === 0 ? core.classify(topic, payload) : undefined;
    const publication = new Publication({ topic, payload, qos, retain, properties }, { nowMs, classification });
    const form = { level, retain, identifiers };
    const entry =
      qos === 0
        ? publication.entry(form, nowMs)
        : controlEntry(publication.encodeReliable({ ...form, qos, packetId, dup }, nowMs), { nowMs, isMessage: true });
    if (entry.bytes.length > terms.maximumPacketBytes) core.counters.tooLargeDropped++;
    else this.#push(entry, nowMs);
  }

  /** Sends any other packet. */
  reply(packet: Packet): void {
    const nowMs = this.#options.core.now();
    this.#push(controlEntry(encodePacket(packet, this.#options.level), { nowMs }), nowMs);
  }

  /** See {@link Egress.stalledMs}. */
  stalledMs(nowMs: number): number {
    return this.#egress.stalledMs(nowMs);
  }

  /** Hands over what the socket takes at once, and forgets the rest. */
  finish(): void {
    this.#egress.flush(this.#options.core.now());
    this.#egress.close();
  }

  #push(entry: PublicationEntry, nowMs: number): void {
    const { core, limits } = this.#options;
    // A burst of reliable messages, which cannot be dropped, goes out as far as the socket takes it.
    if (this.#egress.controlBytes > limits.maxBytes / 2 && !this.#egress.isBusy) this.#egress.flush(nowMs);
    if (this.#egress.push(entry, nowMs) !== "overflow") return;
    core.counters.overflowedConnections++;
    this.#options.onOverflow();
  }
}
