import type { ByteStream } from "@mqtt-meet/mqtt";
import { AddressLimits } from "./address-limits.ts";
import { mayPublishWill } from "./admission.ts";
import { type BrokerCore, type BrokerEvents, reportFault } from "./broker-core.ts";
import { ChunkJoiner } from "./chunk-joiner.ts";
import type { Classify } from "./classification.ts";
import { Client } from "./client.ts";
import { enter } from "./enter.ts";
import { FanOut } from "./fan-out.ts";
import { type Authenticate, authenticateLocal, type ConnectionInfo } from "./grant.ts";
import { IdentityGroups } from "./identity-groups.ts";
import { type BrokerLimits, DEFAULT_LIMITS } from "./limits.ts";
import type { Publication } from "./publication.ts";
import { RetainedStore } from "./retained-store.ts";
import type { Session } from "./session.ts";
import { SessionStore } from "./session-store.ts";
import { type BrokerStatistics, Counters, queueAges } from "./statistics.ts";
import { SubscriptionTrie } from "./subscription-trie.ts";
import { TopicCheck } from "./topic-rules.ts";
import { TurnBatch } from "./turn-batch.ts";

/** How a {@link Broker} differs from the default one. */
export interface BrokerOptions extends BrokerEvents {
  /** Absent: local clients get everything but meetings and `$` topics, others nothing. */
  readonly authenticate?: Authenticate | undefined;
  /** Absent: all QoS 0 messages are plain. */
  readonly classify?: Classify | undefined;
  readonly limits?: Partial<BrokerLimits> | undefined;
  /** Monotonic, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

const TICK_MS = 500;

/** Expired retained messages are never delivered, and quiet addresses not counted; their memory is freed this often. */
const SWEEP_TICKS = 120;

/**
 * An MQTT 3.1.1 and 5 broker. It knows no sockets: listeners hand over connected streams. It knows no topics: what a
 * client may do and what a message is are functions given to it.
 */
export class Broker {
  readonly #core: BrokerCore;
  readonly #clients = new Set<Client>();
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;
  #isClosed = false;

  constructor(options: BrokerOptions = {}) {
    this.#core = newCore(options);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** What it has done since it began, and what it holds now. */
  get statistics(): BrokerStatistics {
    const { counters, sessions, subscriptions, retained } = this.#core;
    let queuedBytes = 0;
    for (const client of this.#clients) queuedBytes += client.queuedBytes;
    return {
      ...counters,
      dropped: counters.dropped.byLane(),
      connections: this.#clients.size,
      sessions: sessions.size,
      subscriptions: subscriptions.size,
      retainedMessages: retained.size,
      queuedBytes,
      queueAgeMs: queueAges(this.#clients, this.#core.now()),
    };
  }

  /** Takes a connected stream over. */
  accept(stream: ByteStream, info: ConnectionInfo): void {
    const { limits, addresses } = this.#core;
    const isFull = this.#isClosed || this.#clients.size >= limits.maxConnections;
    const entered = enter(this.#core, { stream, info, isFull });
    if (!entered) return;
    const { address } = entered;
    const onEnd = (client: Client) => {
      this.#clients.delete(client);
      if (address !== undefined) addresses.leave(address);
    };
    this.#clients.add(new Client({ core: this.#core, stream, info, address, onEnd }));
  }

  /** Says goodbye to all clients. Their wills are not published: they come back when the broker does. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const client of [...this.#clients]) client.shutDown();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #tick(): void {
    const nowMs = this.#core.now();
    for (const client of [...this.#clients]) this.#guard(() => client.tick(nowMs));
    this.#guard(() => this.#core.sessions.tick(nowMs));
    this.#ticks++;
    if (this.#ticks % SWEEP_TICKS > 0) return;
    this.#guard(() => this.#core.retained.sweep(nowMs));
    this.#core.addresses.sweep(nowMs);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      reportFault(this.#core, error);
    }
  }
}

function newCore(options: BrokerOptions): BrokerCore {
  const limits: BrokerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const now = options.now ?? (() => performance.now());
  const counters = new Counters();
  const subscriptions = new SubscriptionTrie<Session>();
  const retained = new RetainedStore<Publication>({
    maxMessages: limits.maxRetainedMessages,
    maxBytes: limits.maxRetainedBytes,
  });
  const { classify } = options;
  const fanOut = new FanOut({ subscriptions, retained, counters, egress: limits.egress, now, classify });
  const joiner = new ChunkJoiner();
  const onWill = ({ will, grant, rights }: Session) => {
    if (!will || !mayPublishWill(grant, will.content)) return;
    fanOut.publish(will.content, { publisher: undefined, owner: rights });
  };
  return {
    limits,
    authenticate: options.authenticate ?? authenticateLocal,
    events: options,
    counters,
    subscriptions,
    retained,
    addresses: new AddressLimits(limits.perAddress),
    groups: new IdentityGroups(),
    sessions: new SessionStore({ subscriptions, maxSessions: limits.maxSessions, onWill }),
    fanOut,
    topics: new TopicCheck(limits),
    batch: new TurnBatch({ afterFlush: () => joiner.forget() }),
    joiner,
    now,
  };
}
