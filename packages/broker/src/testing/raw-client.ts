import {
  type ConnackPacket,
  type ConnectPacket,
  encodePacket,
  type Packet,
  PacketParser,
  type ProtocolLevel,
  type PublishPacket,
  type QoS,
  type SubackPacket,
  type Subscription,
} from "@mqtt-meet/mqtt";
import type { Broker } from "../broker.ts";
import { MemoryStream } from "./memory-stream.ts";

/** How a {@link RawClient} connects. */
export interface RawClientOptions {
  readonly level: ProtocolLevel;
  readonly local?: boolean;
  /** Then it is not local. */
  readonly address?: string;
  readonly transport?: "tcp" | "websocket";
}

type PublishOptions = Partial<Omit<PublishPacket, "type" | "topic" | "payload">>;

/** A client of one broker that sends and sees packets as they are. */
export class RawClient {
  readonly stream: MemoryStream;
  readonly level: ProtocolLevel;
  readonly #parser: PacketParser;
  readonly #received: Packet[] = [];
  #parsed = 0;
  #packetId = 0;

  constructor(broker: Broker, options: RawClientOptions) {
    this.level = options.level;
    this.stream = new MemoryStream(options.transport);
    this.#parser = new PacketParser({ maxPacketBytes: 300_000_000, level: options.level, receiver: "client" });
    const { address, local = address === undefined } = options;
    broker.accept(this.stream, { local, remoteAddress: address });
  }

  get isClosed(): boolean {
    return this.stream.ended !== undefined;
  }

  send(...packets: readonly Packet[]): void {
    for (const packet of packets) this.sendBytes(encodePacket(packet, this.level));
  }

  sendBytes(bytes: Uint8Array): void {
    this.stream.onData?.(bytes);
  }

  /** Everything that has come and was not asked for yet, after the broker had its turn. */
  async received(): Promise<Packet[]> {
    await turn();
    for (; this.#parsed < this.stream.sent.length; this.#parsed++) {
      this.#received.push(...this.#parser.push(this.stream.sent[this.#parsed] as Uint8Array));
    }
    return this.#received.splice(0);
  }

  /** The only packet that has come. */
  async only<T extends Packet["type"]>(type: T): Promise<Extract<Packet, { type: T }>> {
    const packets = await this.received();
    if (packets.length !== 1 || packets[0]?.type !== type) {
      throw new Error(`Instead of one ${type} came: ${JSON.stringify(packets.map((packet) => packet.type))}`);
    }
    return packets[0] as Extract<Packet, { type: T }>;
  }

  /** Topics and payloads, as text, of the messages that have come. */
  async messages(): Promise<string[]> {
    const packets = await this.received();
    return packets.flatMap((packet) =>
      packet.type === "publish" ? [`${packet.topic} ${new TextDecoder().decode(packet.payload)}`] : [],
    );
  }

  async connect(options: Partial<Omit<ConnectPacket, "type" | "level">> = {}): Promise<ConnackPacket> {
    this.send(connectPacket(this.level, options));
    return this.only("connack");
  }

  async subscribe(filter: string, options: Partial<Subscription> & { identifier?: number } = {}): Promise<number[]> {
    const { identifier, ...rest } = options;
    const subscription = {
      filter,
      qos: 0,
      noLocal: false,
      retainAsPublished: false,
      retainHandling: 0,
      ...rest,
    } as const;
    const properties = identifier === undefined ? undefined : { subscriptionIdentifier: identifier };
    this.#packetId++;
    this.send({ type: "subscribe", packetId: this.#packetId, subscriptions: [subscription], properties });
    await turn();
    const suback = await this.#take("suback");
    return [...suback.reasonCodes];
  }

  publish(topic: string, text: string, options: PublishOptions = {}): void {
    const packetId = (options.qos ?? 0) > 0 ? ++this.#packetId : undefined;
    const payload = new TextEncoder().encode(text);
    this.send({ type: "publish", topic, payload, qos: 0, retain: false, dup: false, packetId, ...options });
  }

  /** The connection breaks. */
  lose(): void {
    this.stream.onClose?.();
  }

  disconnect(reasonCode = 0): void {
    this.send({ type: "disconnect", reasonCode });
  }

  /** Leaves what came beside it for later. */
  async #take(type: "suback"): Promise<SubackPacket> {
    const packets = await this.received();
    const index = packets.findIndex((packet) => packet.type === type);
    if (index < 0) throw new Error(`There is no ${type}.`);
    const [found] = packets.splice(index, 1);
    this.#received.push(...packets);
    return found as SubackPacket;
  }
}

/** A CONNECT with what most clients say. */
export function connectPacket(
  level: ProtocolLevel,
  options: Partial<Omit<ConnectPacket, "type" | "level">> = {},
): ConnectPacket {
  return { type: "connect", level, clientId: "", cleanStart: true, keepAliveS: 60, ...options };
}

/** A client that has been let in. */
export async function connected(
  broker: Broker,
  options: RawClientOptions & Partial<Omit<ConnectPacket, "type" | "level">>,
): Promise<RawClient> {
  const { level, local, address, transport, ...connect } = options;
  const client = new RawClient(broker, {
    level,
    ...(local === undefined ? {} : { local }),
    ...(address === undefined ? {} : { address }),
    ...(transport ? { transport } : {}),
  });
  const connack = await client.connect(connect);
  if (connack.reasonCode !== 0) throw new Error(`Refused with ${connack.reasonCode}.`);
  return client;
}

/** A will with nothing special. */
export function will(topic: string, options: { qos?: QoS; retain?: boolean; willDelayS?: number } = {}) {
  const { qos = 0, retain = false, willDelayS } = options;
  const properties = willDelayS === undefined ? undefined : { willDelayS };
  return { topic, payload: new TextEncoder().encode("lost"), qos, retain, properties };
}

/** Resolves after the broker has sent what it had to send in this turn of the event loop. */
export async function turn(): Promise<void> {
  for (let index = 0; index < 3; index++) await new Promise((resolve) => setImmediate(resolve));
}
