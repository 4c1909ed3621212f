import {
  type Authenticate,
  type Broker,
  type BrokerEvents,
  type BrokerLimits,
  type BrokerStatistics,
  type Classify,
  type ConnectionInfo,
  DEFAULT_LIMITS,
} from "@mqtt-meet/broker";
import {
  AddressLimits,
  ChunkJoiner,
  Counters,
  enter,
  IdentityGroups,
  queueAges,
  reportFault,
  TopicCheck,
  TurnBatch,
} from "@mqtt-meet/broker/parts";
import type { ByteStream } from "@mqtt-meet/mqtt";
import { GatewayClient } from "./gateway-client.ts";
import type { BrokerAddress, GatewayCore } from "./gateway-core.ts";

/** What a {@link Gateway} needs. */
export interface GatewayOptions extends BrokerEvents {
  readonly address: BrokerAddress;
  readonly authenticate: Authenticate;
  readonly classify: Classify;
  readonly limits?: Partial<BrokerLimits> | undefined;
  /** Monotonic, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

const TICK_MS = 500;

/** Quiet addresses are not counted; their memory is freed this often. */
const SWEEP_TICKS = 120;

/**
 * Stands in front of any MQTT broker and is to clients what the embedded one is: the same rights, limits and drops. It
 * keeps nothing but connections, so several can stand in front of one broker.
 */
export class Gateway implements Pick<Broker, "accept" | "close" | "statistics"> {
  readonly #core: GatewayCore;
  readonly #clients = new Set<GatewayClient>();
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;
  #isClosed = false;

  constructor(options: GatewayOptions) {
    const { address, authenticate, classify, now = () => performance.now() } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const joiner = new ChunkJoiner();
    this.#core = {
      ...{ limits, authenticate, classify, address, joiner, now },
      events: options,
      knowledge: { speaksMqtt5: undefined },
      counters: new Counters(),
      topics: new TopicCheck(limits),
      batch: new TurnBatch({ afterFlush: () => joiner.forget() }),
      holders: new Map(),
      addresses: new AddressLimits(limits.perAddress),
      groups: new IdentityGroups(),
    };
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** As the embedded broker's; each connection is its own session, and retained messages are the broker's. */
  get statistics(): BrokerStatistics {
    const { counters } = this.#core;
    const clients = [...this.#clients];
    const sum = (count: (client: GatewayClient) => number) => clients.reduce((total, each) => total + count(each), 0);
    return {
      ...counters,
      dropped: counters.dropped.byLane(),
      connections: clients.length,
      sessions: clients.length,
      subscriptions: sum((client) => client.subscriptions),
      retainedMessages: 0,
      queuedBytes: sum((client) => client.queuedBytes),
      queueAgeMs: queueAges(clients, this.#core.now()),
    };
  }

  /** Takes a connected stream over. */
  accept(stream: ByteStream, info: ConnectionInfo): void {
    const { limits, addresses } = this.#core;
    const isFull = this.#isClosed || this.#clients.size >= limits.maxConnections;
    const entered = enter(this.#core, { stream, info, isFull });
    if (!entered) return;
    const { address } = entered;
    const onEnd = (client: GatewayClient) => {
      this.#clients.delete(client);
      if (address !== undefined) addresses.leave(address);
    };
    this.#clients.add(new GatewayClient({ core: this.#core, stream, info, address, onEnd }));
  }

  /** Says goodbye to all clients. Their wills are not published: they come back when the gateway does. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const client of [...this.#clients]) client.shutDown();
  }

  #tick(): void {
    const nowMs = this.#core.now();
    for (const client of [...this.#clients]) {
      try {
        client.tick(nowMs);
      } catch (error) {
        reportFault(this.#core, error);
      }
    }
    this.#ticks++;
    if (this.#ticks % SWEEP_TICKS === 0) this.#core.addresses.sweep(nowMs);
  }
}
