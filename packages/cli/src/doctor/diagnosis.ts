/** What an MQTT 5 broker says of itself in CONNACK; undefined: the standard's own limit. */
export interface BrokerLimits {
  readonly maximumPacketBytes: number | undefined;
  readonly receiveMaximum: number | undefined;
  readonly maximumQos: number | undefined;
  readonly topicAliasMaximum: number | undefined;
  readonly serverKeepAliveS: number | undefined;
  readonly retainAvailable: boolean;
  readonly wildcardSubscriptions: boolean;
  readonly sharedSubscriptions: boolean;
  readonly subscriptionIdentifiers: boolean;
}

/** What a subscriber that stops reading does to the others, and what waits for it afterwards. */
export interface SlowSubscriberReport {
  readonly sentMb: number;
  /** What the slow one still gets. About 4 MB lie in the kernel whatever a broker does. */
  readonly staleMb: number;
  readonly disconnected: boolean;
  /** Packets that another subscriber got, of those sent, 0 to 1. */
  readonly othersShare: number;
  /** The longest time in which that one got nothing, less what the examining program itself stood still at a time. */
  readonly othersGapMs: number;
  /** The same of the time before, when all subscribers read. */
  readonly gapBeforeMs: number;
}

/** What was found out about a broker. Times are from publisher to subscriber and include the way there and back. */
export interface Diagnosis {
  /** Without user name and password. */
  readonly url: string;
  /** What it calls itself, where it says so. */
  readonly version: string | undefined;
  readonly mqtt5: boolean;
  readonly mqtt311: boolean;
  /** Undefined without MQTT 5. */
  readonly limits: BrokerLimits | undefined;
  /** Messages of a meeting arrive; with false nothing below was measured. */
  readonly carriesMeetings: boolean;
  readonly qos1: boolean;
  /** Retained messages come to a filter with a wildcard, to the exact topic only, or not at all. */
  readonly retained: "wildcard" | "exact" | "none";
  /** A member can publish under the name of another. */
  readonly forgeable: boolean;
  readonly roundTripMs: number;
  /** The median of small messages, sent every few milliseconds. */
  readonly smallMessageMs: number;
  /** The median of pictures of 20 kB; undefined when one does not arrive. */
  readonly pictureMs: number | undefined;
  /** The largest of the packets tried that came through; 0: not even one of 32 KiB. */
  readonly largestPacketBytes: number;
  readonly throughputMbps: number;
  readonly slowSubscriber: SlowSubscriberReport;
}
