import { LANES, type Lane } from "./classification.ts";

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
  /** By lane. */
  readonly dropped: number[] = LANES.map(() => 0);
}

/** What a broker has done since it began, and what it holds now. */
export interface BrokerStatistics extends Omit<Counters, "dropped"> {
  readonly dropped: Readonly<Record<Lane, number>>;
  readonly connections: number;
  readonly sessions: number;
  readonly subscriptions: number;
  readonly retainedMessages: number;
  /** Bytes that wait in the queues of all connections. */
  readonly queuedBytes: number;
}

/** Drops by the name of the lane. */
export function dropsByLane(dropped: readonly number[]): Record<Lane, number> {
  return Object.fromEntries(LANES.map((lane, index) => [lane, dropped[index] ?? 0])) as Record<Lane, number>;
}
