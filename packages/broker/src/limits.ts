import type { PerAddressLimits } from "./address-limits.ts";
import type { ClientRates } from "./ingress-meter.ts";

/** How much may wait for one client. Beyond it, QoS 0 messages are dropped, and for others the connection ends. */
export interface EgressLimits {
  /** The queue before the socket. */
  readonly maxBytes: number;
  /** Messages of QoS 1 and 2 that are not acknowledged, sent or not. */
  readonly maxReliableMessages: number;
  readonly maxReliableBytes: number;
}

/** The bounds of a {@link Broker}. Every one has a default in {@link DEFAULT_LIMITS}. */
export interface BrokerLimits {
  readonly maxConnections: number;
  /** Sessions with and without a connection. Beyond it, the one that has waited longest without a connection ends. */
  readonly maxSessions: number;
  /** A packet before CONNECT was accepted, and after. Checked on its first bytes. */
  readonly maxConnectPacketBytes: number;
  readonly maxPacketBytes: number;
  /** From the connection to an accepted CONNECT. */
  readonly connectTimeoutMs: number;
  /** What a client may ask for; a grant may allow another maximum. */
  readonly keepAliveMinS: number;
  readonly keepAliveMaxS: number;
  readonly sessionExpiryMaxS: number;
  readonly maxClientIdBytes: number;
  readonly maxTopicBytes: number;
  readonly maxTopicLevels: number;
  readonly maxFiltersPerSubscribe: number;
  readonly maxSubscriptionsPerClient: number;
  readonly maxUserProperties: number;
  readonly maxUserPropertyBytes: number;
  /** Topic aliases in each direction. */
  readonly topicAliasMaximum: number;
  /** QoS 2 messages of an MQTT 5 client that it has not released. */
  readonly receiveMaximum: number;
  /** Messages of QoS 1 and 2 on the way to a client, if it does not want fewer. */
  readonly maxInFlight: number;
  readonly maxRetainedMessages: number;
  readonly maxRetainedBytes: number;
  /** A client that takes nothing for so long is closed. */
  readonly drainTimeoutMs: number;
  /**
   * Bytes in the socket's own queue above which nothing more is handed to it. Small, because what lies there can be
   * neither dropped nor overtaken.
   */
  readonly highWaterBytes: number;
  /** For clients whose grant does not say otherwise. */
  readonly egress: EgressLimits;
  /** What one client may send, if its grant does not say otherwise. */
  readonly rates: ClientRates;
  /** Not for local clients, who all have one address. */
  readonly perAddress: PerAddressLimits;
}

/** For media: a second of video at most, and hardly any reliable message waits. */
export const MEDIA_EGRESS: EgressLimits = {
  maxBytes: 1024 * 1024,
  maxReliableMessages: 1000,
  maxReliableBytes: 1024 * 1024,
};

/** For ordinary MQTT, which sends bursts: bounded by bytes only. */
export const PLAIN_EGRESS: EgressLimits = {
  maxBytes: 4 * 1024 * 1024,
  maxReliableMessages: Number.POSITIVE_INFINITY,
  maxReliableBytes: 16 * 1024 * 1024,
};

/**
 * For participants of a meeting: 6 Mbit/s, and a key frame or two at once. A newcomer to a large room says much at first,
 * which is what the bursts of reliable messages and subscriptions are for.
 */
export const MEDIA_RATES: ClientRates = {
  bytes: { perS: 750_000, burst: 1_500_000 },
  messages: { perS: 400, burst: 800 },
  reliable: { perS: 20, burst: 200 },
  subscribes: { perS: 20, burst: 256 },
};

/** For ordinary MQTT. */
export const PLAIN_RATES: ClientRates = {
  bytes: { perS: 10_000_000, burst: 20_000_000 },
  messages: { perS: 10_000, burst: 20_000 },
  reliable: { perS: 2000, burst: 10_000 },
  subscribes: { perS: 100, burst: 1000 },
};

/**
 * An office can be behind one address, and a participant has three connections: so twenty may join, or come back, at the
 * same moment.
 */
export const PER_ADDRESS: PerAddressLimits = {
  maxConnections: 256,
  connects: { perS: 4, burst: 64 },
  failures: { perS: 5 / 60, burst: 5 },
};

/** Safe on the open internet. */
export const DEFAULT_LIMITS: BrokerLimits = {
  maxConnections: 2000,
  maxSessions: 4000,
  maxConnectPacketBytes: 16 * 1024,
  maxPacketBytes: 1024 * 1024,
  connectTimeoutMs: 5000,
  keepAliveMinS: 5,
  keepAliveMaxS: 60,
  sessionExpiryMaxS: 86_400,
  maxClientIdBytes: 256,
  maxTopicBytes: 256,
  maxTopicLevels: 8,
  maxFiltersPerSubscribe: 64,
  maxSubscriptionsPerClient: 256,
  maxUserProperties: 8,
  maxUserPropertyBytes: 1024,
  topicAliasMaximum: 32,
  receiveMaximum: 1000,
  maxInFlight: 100,
  maxRetainedMessages: 10_000,
  maxRetainedBytes: 64 * 1024 * 1024,
  drainTimeoutMs: 10_000,
  highWaterBytes: 32 * 1024,
  egress: MEDIA_EGRESS,
  rates: MEDIA_RATES,
  perAddress: PER_ADDRESS,
};
