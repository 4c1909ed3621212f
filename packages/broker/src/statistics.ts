import { LANES, type Lane } from "./classification.ts";
import { DropCounts } from "./drop-counts.ts";

/** Numbers that a broker counts up while it runs. */
export class Counters {
  connectionsAccepted = 0;
  /** Refused before or at CONNECT: over a limit, without rights, or not MQTT. */
  connectionsRefused = 0;
  /** Those of them that came from an address that had too many, too fast, or had failed too often. */
  addressesRefused = 0;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** PUBLISH packets that were not allowed. */
  publishesRefused = 0;
  /** Connections that ended because they broke the protocol or a limit of it. */
  protocolErrors = 0;
  /** Connections that ended because the client took nothing, or sent nothing, for too long. */
  stalledConnections = 0;
  silentConnections = 0;
  /** How often a client was not read from for a while, and the connections that ended, because it sent too much. */
  throttled = 0;
  floodedConnections = 0;
  /** Connections that ended because too many reliable messages waited. */
  overflowedConnections = 0;
  /** Reliable messages dropped for clients that are away. */
  offlineDropped = 0;
  /** Messages larger than the client takes. */
  tooLargeDropped = 0;
  /** Faults of our own, each of which ended one connection. */
  internalErrors = 0;
  readonly dropped = new DropCounts();
}

/** What a broker has done since it began, and what it holds now. */
export interface BrokerStatistics extends Omit<Counters, "dropped"> {
  /** QoS 0 messages that were not sent to somebody. */
  readonly dropped: ReturnType<DropCounts["byLane"]>;
  readonly connections: number;
  readonly sessions: number;
  readonly subscriptions: number;
  readonly retainedMessages: number;
  /** Bytes that wait in the queues of all connections. */
  readonly queuedBytes: number;
  /** How long the message has waited there that waits longest; 0 when none does. */
  readonly queueAgeMs: Readonly<Record<Lane, number>>;
}

/** The age of what waits longest, by lane. */
export function queueAges(
  clients: Iterable<{ noteOldest(sinceMs: number[]): void }>,
  nowMs: number,
): BrokerStatistics["queueAgeMs"] {
  const sinceMs = LANES.map(() => Number.POSITIVE_INFINITY);
  for (const client of clients) client.noteOldest(sinceMs);
  const ages = LANES.map((lane, index) => [lane, Math.max(0, nowMs - (sinceMs[index] as number))]);
  return Object.fromEntries(ages) as Record<Lane, number>;
}
