import type { ProtocolLevel } from "@mqtt-meet/mqtt";
import type { AddressLimits } from "./address-limits.ts";
import type { ChunkJoiner } from "./chunk-joiner.ts";
import type { FanOut } from "./fan-out.ts";
import type { Authenticate } from "./grant.ts";
import type { IdentityGroups } from "./identity-groups.ts";
import type { BrokerLimits } from "./limits.ts";
import type { Publication } from "./publication.ts";
import type { RetainedStore } from "./retained-store.ts";
import type { Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import type { Counters } from "./statistics.ts";
import type { SubscriptionTrie } from "./subscription-trie.ts";
import type { TopicCheck } from "./topic-rules.ts";
import type { TurnBatch } from "./turn-batch.ts";

/** A client that was let in, as the owner of the broker sees it. */
export interface ConnectedClient {
  readonly clientId: string;
  readonly identity: string;
  readonly level: ProtocolLevel;
  readonly transport: "tcp" | "websocket";
  readonly remoteAddress: string | undefined;
  /** Ends the connection. The reason code, which MQTT 5 clients are told, is e.g. 0x98 "administrative action". */
  close(reasonCode: number): void;
}

/** Somebody who was not let in. */
export interface Refusal {
  /**
   * A reason of MQTT 5, for example `bad-user-name-or-password`, or: `full`, `address-limit`, `undecided` (no CONNECT in
   * time), `early-data` (more than a CONNECT before the answer to it).
   */
  readonly reason: string;
  readonly remoteAddress: string | undefined;
  readonly transport: "tcp" | "websocket";
}

/** What the owner of a broker is told. None of these may throw. */
export interface BrokerEvents {
  readonly onConnect?: ((client: ConnectedClient) => void) | undefined;
  readonly onDisconnect?: ((client: ConnectedClient) => void) | undefined;
  /** Anybody can make this happen thousands of times a second: who writes it down needs a bound. */
  readonly onRefuse?: ((refusal: Refusal) => void) | undefined;
  /**
   * The broker ends an open connection for a cause that lies with the client: a reason of MQTT 5, for example
   * `message-rate-too-high`, or `stalled` (it took nothing for too long). `onDisconnect` follows.
   */
  readonly onCut?: ((client: ConnectedClient, cause: string) => void) | undefined;
  /** A fault of the broker or of a function given to it, which ended one connection. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What all connections of a broker share. */
export interface BrokerCore {
  readonly limits: BrokerLimits;
  readonly authenticate: Authenticate;
  readonly events: BrokerEvents;
  readonly counters: Counters;
  readonly subscriptions: SubscriptionTrie<Session>;
  readonly retained: RetainedStore<Publication>;
  readonly sessions: SessionStore;
  readonly addresses: AddressLimits;
  readonly groups: IdentityGroups;
  readonly fanOut: FanOut;
  readonly topics: TopicCheck;
  readonly batch: TurnBatch;
  readonly joiner: ChunkJoiner;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** Counts a fault of our own and tells the owner of the broker. */
export function reportFault(core: Pick<BrokerCore, "counters" | "events">, error: unknown): void {
  core.counters.internalErrors++;
  core.events.onError?.(error);
}
