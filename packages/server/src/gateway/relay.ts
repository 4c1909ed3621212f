import type { Grant } from "@mqtt-meet/broker";
import { type Terms, Throttle } from "@mqtt-meet/broker/parts";
import {
  type ByteStream,
  MalformedPacketError,
  type Packet,
  type ProtocolLevel,
  type PublishPacket,
  ReasonCode,
  type SubackPacket,
  type SubscribePacket,
} from "@mqtt-meet/mqtt";
import { ClientGuard } from "./client-guard.ts";
import { Downstream } from "./downstream.ts";
import type { GatewayCore } from "./gateway-core.ts";
import type { Reading } from "./reading.ts";
import type { Upstream } from "./upstream.ts";

/** While more than this waits for the broker, the client is not read: its own probe and gate then react. */
const MAX_UPSTREAM_BYTES = 64 * 1024;

/** SUBSCRIBEs that the broker has not answered; a client that asks for more at once is none of ours. */
const MAX_PENDING_SUBSCRIBES = 256;

/** What a {@link Relay} needs. */
export interface RelayOptions {
  readonly core: GatewayCore;
  readonly grant: Grant;
  readonly terms: Terms;
  readonly level: ProtocolLevel;
  readonly stream: ByteStream;
  readonly reading: Reading;
  readonly upstream: Upstream;
  readonly keepAliveS: number;
  /** The connection has to end. */
  readonly onClose: (reasonCode: number) => void;
  /** It has to end because the client sends too much. */
  readonly onFlood: () => void;
  /** A fault of our own. */
  readonly onError: (error: unknown) => void;
}

/** What goes both ways once the client was let in. */
export type RelayedPacket = Exclude<Packet, { type: "connect" | "disconnect" | "auth" }>;

/** An open connection between one client and the broker: rights and rates on the way in, a queue on the way out. */
export class Relay {
  readonly keepAliveS: number;
  readonly #options: RelayOptions;
  readonly #guard: ClientGuard;
  readonly #down: Downstream;
  readonly #throttle: Throttle | undefined;
  /** By packet id: the refusals of the guard, to be put between the answers of the broker. */
  readonly #subscribes = new Map<number, readonly (number | undefined)[]>();

  #nowMs = 0;
  #isFinished = false;

  constructor(options: RelayOptions) {
    const { core, grant, reading, onFlood, terms, level, stream, onClose, onError } = options;
    this.#options = options;
    this.keepAliveS = options.keepAliveS;
    this.#guard = new ClientGuard({ grant, limits: core.limits, topics: core.topics });
    const limits = grant.egress ?? core.limits.egress;
    const onOverflow = () => onClose(ReasonCode.quotaExceeded);
    this.#down = new Downstream({ core, stream, level, terms, limits, onOverflow, onError });
    const rates = grant.rates ?? core.limits.rates;
    const { counters, now } = core;
    const slowed = { pause: () => reading.hold("rate"), resume: () => reading.release("rate") };
    if (rates !== "unlimited") this.#throttle = new Throttle({ stream: slowed, rates, counters, now, onFlood });
    core.groups.enter(grant);
  }

  get queuedBytes(): number {
    return this.#down.queuedBytes;
  }

  noteOldest(sinceMs: number[]): void {
    this.#down.noteOldest(sinceMs);
  }

  get subscriptions(): number {
    return this.#guard.subscriptions;
  }

  /** Something has come from the client, of which nothing was handled yet. */
  arrived(bytes: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#throttle?.arrived(bytes, nowMs);
  }

  /** Throws MalformedPacketError when the connection has to end. */
  fromClient(packet: RelayedPacket): void {
    this.#throttle?.charge(packet, this.#nowMs);
    if (this.#isFinished) return;
    const { upstream, reading } = this.#options;
    if (packet.type === "publish") this.#publish(packet);
    else if (packet.type === "subscribe") this.#subscribe(packet);
    else {
      if (packet.type === "unsubscribe") this.#guard.unsubscribe(packet);
      upstream.send(packet);
    }
    if (upstream.bufferedBytes > MAX_UPSTREAM_BYTES) reading.hold("broker");
  }

  /** What has come was handled. */
  settle(): void {
    if (!this.#isFinished) this.#throttle?.settle(this.#nowMs);
  }

  fromBroker(packet: Exclude<Packet, { type: "disconnect" }>): void {
    if (packet.type === "publish") this.#message(packet);
    else if (packet.type === "suback") this.#down.reply(this.#completed(packet));
    else if (packet.type !== "connack" && packet.type !== "auth") this.#down.reply(packet);
  }

  /** Whether a packet is not larger than the client allows. */
  mayTake(packet: Uint8Array): boolean {
    return packet.length <= this.#options.terms.maximumPacketBytes;
  }

  reply(packet: Packet): void {
    this.#down.reply(packet);
  }

  stalledMs(nowMs: number): number {
    return this.#down.stalledMs(nowMs);
  }

  /** Sends what can be sent at once, and ends. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#down.finish();
    this.#throttle?.close();
    this.#options.core.groups.leave(this.#options.grant);
  }

  #publish(packet: PublishPacket): void {
    const { core, upstream, level } = this.#options;
    core.counters.messagesIn++;
    try {
      const allowed = this.#guard.publish(packet);
      if (allowed) {
        upstream.send(allowed);
        return;
      }
    } catch (error) {
      if (error instanceof MalformedPacketError && error.reasonCode === ReasonCode.notAuthorized) {
        core.counters.publishesRefused++;
      }
      throw error;
    }
    core.counters.publishesRefused++;
    const { qos, packetId = 0 } = packet;
    // 3.1.1 cannot say that a message was not allowed.
    const reasonCode = level === 5 ? ReasonCode.notAuthorized : ReasonCode.success;
    if (qos > 0) this.#down.reply({ type: qos === 1 ? "puback" : "pubrec", packetId, reasonCode });
  }

  #subscribe(packet: SubscribePacket): void {
    const { granted, refusals } = this.#guard.subscribe(packet);
    const { packetId } = packet;
    if (granted.length === 0) {
      this.#down.reply(this.#suback(packetId, refusals as readonly number[]));
      return;
    }
    if (this.#subscribes.size >= MAX_PENDING_SUBSCRIBES) {
      throw new MalformedPacketError(ReasonCode.quotaExceeded, "Too many subscriptions are on the way.");
    }
    this.#subscribes.set(packetId, refusals);
    this.#options.upstream.send({ ...packet, subscriptions: granted });
  }

  #completed(packet: SubackPacket): SubackPacket {
    const refusals = this.#subscribes.get(packet.packetId);
    if (!refusals) return packet;
    this.#subscribes.delete(packet.packetId);
    const answers = [...packet.reasonCodes];
    const reasonCodes = refusals.map((code) => code ?? answers.shift() ?? ReasonCode.unspecifiedError);
    return { ...this.#suback(packet.packetId, reasonCodes), properties: packet.properties };
  }

  #suback(packetId: number, codes: readonly number[]): SubackPacket {
    const reasonCodes = this.#options.level === 5 ? codes : codes.map((code) => Math.min(code, 0x80));
    return { type: "suback", packetId, reasonCodes };
  }

  #message(packet: PublishPacket): void {
    if (this.#guard.mayReceive(packet.topic)) {
      this.#down.message(packet);
      return;
    }
    // Answered, or the broker would think that it is on its way for ever.
    const { qos, packetId = 0 } = packet;
    const reasonCode = ReasonCode.success;
    if (qos > 0) this.#options.upstream.send({ type: qos === 1 ? "puback" : "pubrec", packetId, reasonCode });
  }
}
