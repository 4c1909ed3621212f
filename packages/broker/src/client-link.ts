import { type ByteStream, encodePacket, type Packet, type ProtocolLevel, ReasonCode } from "@mqtt-meet/mqtt";
import type { Terms } from "./admission.ts";
import { AliasTable } from "./alias-table.ts";
import type { BrokerCore } from "./broker-core.ts";
import { Egress } from "./egress.ts";
import type { EgressLimits } from "./limits.ts";
import type { InFlight } from "./outbox.ts";
import { controlEntry, type PublicationEntry } from "./publication.ts";
import type { Link, Session } from "./session.ts";

/** What a {@link ClientLink} needs. */
export interface ClientLinkOptions {
  readonly core: BrokerCore;
  readonly stream: ByteStream;
  readonly session: Session;
  readonly terms: Terms;
  readonly level: ProtocolLevel;
  /** The connection has to end. */
  readonly onClose: (reasonCode: number) => void;
  /** A fault of our own. */
  readonly onError: (error: unknown) => void;
}

/** The part of the queue before the socket for reliable messages; the rest waits in the outbox, uncopied. */
const RELIABLE_SHARE = 0.25;

/** The way from the broker to a connected client. */
export class ClientLink implements Link {
  readonly level: ProtocolLevel;
  readonly #options: ClientLinkOptions;
  readonly #core: BrokerCore;
  readonly #egress: Egress;
  readonly #limits: EgressLimits;
  readonly #maximumPacketBytes: number;
  #isClosed = false;

  constructor(options: ClientLinkOptions) {
    this.#options = options;
    this.#core = options.core;
    this.level = options.level;
    this.#maximumPacketBytes = options.terms.maximumPacketBytes;
    const { limits, batch, joiner, counters, now } = options.core;
    this.#limits = options.session.grant.egress ?? limits.egress;
    this.#egress = new Egress({
      stream: options.stream,
      batch,
      joiner,
      counters,
      now,
      highWaterBytes: limits.highWaterBytes,
      maxBytes: this.#limits.maxBytes,
      onEmpty: () => this.sendReliable(),
      onError: options.onError,
    });
    const maximum = options.terms.topicAliasMaximum;
    if (maximum > 0) this.#egress.aliases = new AliasTable({ maximum });
  }

  get isBusy(): boolean {
    return this.#egress.isBusy;
  }

  get queuedBytes(): number {
    return this.#egress.queuedBytes;
  }

  /** See {@link EgressQueue.noteOldest}. */
  noteOldest(sinceMs: number[]): void {
    this.#egress.noteOldest(sinceMs);
  }

  /** Whether a packet is not larger than the client allows. */
  mayTake(packet: Uint8Array): boolean {
    return packet.length <= this.#maximumPacketBytes;
  }

  send(entry: PublicationEntry): void {
    if (this.mayTake(entry.bytes)) this.#push(entry);
    else this.#core.counters.tooLargeDropped++;
  }

  /** Sends any other packet. A client that takes not even that cannot be served. */
  reply(packet: Packet): void {
    const bytes = encodePacket(packet, this.level);
    if (this.mayTake(bytes)) this.#push(controlEntry(bytes, { nowMs: this.#core.now() }));
    else this.close(ReasonCode.packetTooLarge);
  }

  sendReliable(): void {
    if (this.#isClosed) return;
    const { outbox } = this.#options.session;
    for (let item = outbox.nextAgain(); item; item = outbox.nextAgain()) this.#sendAgain(item);
    const { controlBytes } = this.#egress;
    const share = RELIABLE_SHARE * this.#limits.maxBytes;
    let room = controlBytes === 0 ? Number.POSITIVE_INFINITY : share - controlBytes;
    while (outbox.nextBytes !== undefined && outbox.nextBytes <= room) {
      const item = outbox.next(this.#core.now());
      if (!item) break;
      this.#sendInFlight(item, { dup: false });
      room = share - this.#egress.controlBytes;
    }
    const { maxReliableMessages, maxReliableBytes } = this.#limits;
    if (outbox.length > maxReliableMessages || outbox.bytes > maxReliableBytes) this.#overflow();
  }

  /** Sends once more what was not acknowledged before the connection was lost, then what waits. */
  resume(): void {
    this.#options.session.outbox.rewind();
    this.sendReliable();
  }

  close(reasonCode: number): void {
    if (!this.#isClosed) this.#options.onClose(reasonCode);
  }

  /** See {@link Egress.stalledMs}. */
  stalledMs(nowMs: number): number {
    return this.#egress.stalledMs(nowMs);
  }

  /** Hands over what the socket takes at once, and forgets the rest. */
  finish(): void {
    this.#isClosed = true;
    this.#egress.flush(this.#core.now());
    this.#egress.close();
  }

  #sendAgain(item: InFlight): void {
    const { packetId, released } = item;
    if (released) this.reply({ type: "pubrel", packetId, reasonCode: ReasonCode.success });
    else this.#sendInFlight(item, { dup: true });
  }

  #sendInFlight(item: InFlight, options: { readonly dup: boolean }): void {
    const { publication, qos, retain, identifiers, packetId } = item;
    const nowMs = this.#core.now();
    const form = { level: this.level, qos, retain, identifiers, packetId, dup: options.dup };
    const bytes = publication.encodeReliable(form, nowMs);
    if (this.mayTake(bytes)) {
      this.#push(controlEntry(bytes, { nowMs, isMessage: true }));
    } else {
      this.#core.counters.tooLargeDropped++;
      this.#options.session.outbox.abandon(packetId);
    }
  }

  #push(entry: PublicationEntry): void {
    if (!this.#isClosed && this.#egress.push(entry, entry.enqueuedAtMs) === "overflow") this.#overflow();
  }

  #overflow(): void {
    if (this.#isClosed) return;
    this.#core.counters.overflowedConnections++;
    this.close(ReasonCode.quotaExceeded);
  }
}
