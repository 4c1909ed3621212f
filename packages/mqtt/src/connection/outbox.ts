import { encodeClientPacket } from "../codec/encode-client-packet.ts";
import type { AcknowledgementPacket, QoS } from "../codec/packet.ts";
import type { PublishProperties } from "../codec/properties.ts";
import { ReasonCode } from "../codec/reason-code.ts";
import { AbortWaiters } from "./abort-waiters.ts";
import { ConnectionError } from "./connection-error.ts";
import type { PacketIds } from "./packet-ids.ts";
import { refusalError } from "./server-error.ts";
import type { ServerLimits } from "./server-limits.ts";

/** What may wait for a connection or for acknowledgements: enough for a room's chat, and a bound. */
const MAX_MESSAGES = 1_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** A message with QoS 1 or 2. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
}

/** A connection as the {@link Outbox} sees it. */
export interface OutboxLink {
  readonly limits: ServerLimits;
  send(bytes: Uint8Array): void;
}

interface Entry {
  readonly message: OutgoingMessage;
  readonly bytes: number;
  /** Undefined until it is sent for the first time. */
  packetId: number | undefined;
  /** What it was sent with; a server may take less than was wished. */
  qos: QoS;
  /** PUBREC came: only PUBREL may be sent from now on. */
  released: boolean;
  /** Was sent on an earlier connection of this session. */
  repeated: boolean;
  settle(error?: unknown): void;
}

/**
 * The messages with QoS 1 and 2 on their way out, over as many connections as it takes. They are sent in order; what
 * was sent and not acknowledged is sent again, first, after a reconnect.
 */
export class Outbox {
  readonly #packetIds: PacketIds;
  readonly #queue: Entry[] = [];
  readonly #inFlight = new Map<number, Entry>();
  readonly #aborts = new AbortWaiters();
  /** While a new connection is announced: what goes before the queue. */
  #ahead: Entry[] | undefined;
  #bytes = 0;
  #link: OutboxLink | undefined;

  constructor(packetIds: PacketIds) {
    this.#packetIds = packetIds;
  }

  /** Resolves when the server has the message. Rejects with `full`, a refusal, the signal's reason or the end. */
  publish(message: OutgoingMessage, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const bytes = message.payload.length + message.topic.length;
    if (this.#queue.length + this.#inFlight.size >= MAX_MESSAGES || this.#bytes + bytes > MAX_BYTES) {
      return Promise.reject(new ConnectionError("full", "Too many messages wait to be sent already."));
    }
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown) => {
        stopWaiting?.();
        if (error === undefined) resolve();
        else reject(error);
      };
      const { qos } = message;
      const entry: Entry = { message, bytes, packetId: undefined, qos, released: false, repeated: false, settle };
      const stopWaiting = signal && this.#aborts.add(signal, () => this.#abandon(entry, signal.reason));
      this.#bytes += bytes;
      (this.#ahead ?? this.#queue).push(entry);
      this.#pump();
    });
  }

  /**
   * A server is there; without a session it knows nothing of what was sent before. What `announce` publishes goes out after
   * that and before everything that waits.
   */
  connected(link: OutboxLink, options: { readonly sessionPresent: boolean; readonly announce: () => void }): void {
    const earlier = [...this.#inFlight.values()];
    for (const entry of earlier) this.#resume(entry, link, options.sessionPresent);
    this.#ahead = earlier.filter((entry) => !entry.released);
    for (const { packetId } of this.#ahead) this.#inFlight.delete(packetId as number);
    try {
      options.announce();
    } finally {
      if (this.#ahead) this.#open(link, this.#ahead);
    }
  }

  #open(link: OutboxLink, ahead: readonly Entry[]): void {
    this.#queue.unshift(...ahead);
    this.#ahead = undefined;
    this.#link = link;
    this.#pump();
  }

  /** The connection broke; everything waits for the next. */
  lost(): void {
    this.#link = undefined;
  }

  /** Ends everything that waits. */
  close(error: ConnectionError): void {
    this.#link = undefined;
    for (const entry of [...this.#inFlight.values(), ...(this.#ahead ?? []), ...this.#queue]) entry.settle(error);
    this.#inFlight.clear();
    this.#ahead = undefined;
    this.#queue.length = 0;
    this.#bytes = 0;
  }

  /** Takes PUBACK, PUBREC and PUBCOMP. Returns false when it is the answer to another QoS: a protocol error. */
  acknowledged(packet: AcknowledgementPacket): boolean {
    const entry = this.#inFlight.get(packet.packetId);
    if (packet.type === "pubrec") return this.#received(packet, entry);
    if (!entry) return true;
    if (packet.type === "puback" ? entry.qos !== 1 : !entry.released) return false;
    this.#finish(entry, packet);
    return true;
  }

  #received(packet: AcknowledgementPacket, entry: Entry | undefined): boolean {
    if (entry && entry.qos !== 2) return false;
    if (entry && packet.reasonCode >= 0x80) {
      this.#finish(entry, packet);
      return true;
    }
    if (entry) entry.released = true;
    if (this.#link) release(this.#link, packet.packetId, entry !== undefined);
    return true;
  }

  #resume(entry: Entry, link: OutboxLink, sessionPresent: boolean): void {
    entry.repeated = sessionPresent;
    if (!entry.released) return;
    if (sessionPresent) {
      release(link, entry.packetId as number, true);
      return;
    }
    this.#remove(entry);
    entry.settle(new ConnectionError("closed", "The server forgot the session: the message may not have arrived."));
  }

  #pump(): void {
    const link = this.#link;
    if (!link) return;
    while (this.#inFlight.size < link.limits.receiveMaximum) {
      const entry = this.#queue[0];
      if (!entry) return;
      entry.packetId ??= this.#packetIds.take();
      if (entry.packetId === undefined) return;
      this.#queue.shift();
      this.#inFlight.set(entry.packetId, entry);
      this.#transmit(entry, link);
    }
  }

  #transmit(entry: Entry, { limits, send }: OutboxLink): void {
    const { message, packetId, repeated } = entry;
    entry.qos = Math.min(message.qos, limits.maximumQos) as QoS;
    const { qos } = entry;
    const retain = message.retain && limits.retainAvailable;
    const dup = repeated && qos > 0;
    const bytes = encodeClientPacket({ type: "publish", ...message, qos, retain, packetId, dup }, limits.level);
    if (bytes.length <= limits.maxPacketBytes) send(bytes);
    if (bytes.length <= limits.maxPacketBytes && qos > 0) return;
    this.#remove(entry);
    entry.settle(bytes.length > limits.maxPacketBytes ? tooLarge(bytes.length, limits.maxPacketBytes) : undefined);
  }

  #finish(entry: Entry, packet: AcknowledgementPacket): void {
    this.#remove(entry);
    entry.settle(packet.reasonCode >= 0x80 ? refusalError("message", packet) : undefined);
    this.#pump();
  }

  #remove(entry: Entry): void {
    const { packetId } = entry;
    this.#bytes -= entry.bytes;
    if (packetId === undefined) return;
    this.#inFlight.delete(packetId);
    this.#packetIds.release(packetId);
  }

  /** What the server may have seen stays, so that its packet id is not used for something else. */
  #abandon(entry: Entry, reason: unknown): void {
    const index = this.#queue.indexOf(entry);
    if (entry.packetId === undefined && index >= 0) {
      this.#queue.splice(index, 1);
      this.#remove(entry);
    }
    entry.settle(reason);
  }
}

function release(link: OutboxLink, packetId: number, known: boolean): void {
  const reasonCode = known ? ReasonCode.success : ReasonCode.packetIdentifierNotFound;
  link.send(encodeClientPacket({ type: "pubrel", packetId, reasonCode }, link.limits.level));
}

function tooLarge(bytes: number, limit: number): ConnectionError {
  return new ConnectionError("packet-too-large", `The server takes packets of ${limit} bytes; this one has ${bytes}.`);
}
