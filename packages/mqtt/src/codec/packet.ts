import type {
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  PublishProperties,
  ReasonProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  WillProperties,
} from "./properties.ts";

/** MQTT 3.1.1 (4) or MQTT 5 (5). Properties, reason codes other than CONNACK's and AUTH exist in 5 only. */
export type ProtocolLevel = 4 | 5;

/** At most once, at least once, exactly once. */
export type QoS = 0 | 1 | 2;

/** What the server publishes when a client is lost. */
export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: WillProperties | undefined;
}

/** The first packet of a client. */
export interface ConnectPacket {
  readonly type: "connect";
  /** 3 is MQTT 3.1 (`MQIsdp`), whose packets are otherwise those of 3.1.1. */
  readonly level: 3 | ProtocolLevel;
  readonly clientId: string;
  /** In 3.1.1: clean session. */
  readonly cleanStart: boolean;
  readonly keepAliveS: number;
  readonly username?: string | undefined;
  readonly password?: Uint8Array | undefined;
  readonly will?: Will | undefined;
  readonly properties?: ConnectProperties | undefined;
}

/** The server's answer to CONNECT. */
export interface ConnackPacket {
  readonly type: "connack";
  readonly sessionPresent: boolean;
  /** In 3.1.1 the return code, 0 to 5. */
  readonly reasonCode: number;
  readonly properties?: ConnackProperties | undefined;
}

/** A message, in either direction. */
export interface PublishPacket {
  readonly type: "publish";
  /** Empty only in MQTT 5 beside a topic alias. */
  readonly topic: string;
  /** May be a view of the received chunk: copy it to keep it for long. */
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  /** Present exactly when `qos` is not 0. */
  readonly packetId?: number | undefined;
  readonly properties?: PublishProperties | undefined;
}

/** The steps of QoS 1 (puback) and QoS 2 (pubrec, pubrel, pubcomp). */
export interface AcknowledgementPacket {
  readonly type: "puback" | "pubrec" | "pubrel" | "pubcomp";
  readonly packetId: number;
  /** 0 in 3.1.1, which cannot say more. */
  readonly reasonCode: number;
  readonly properties?: ReasonProperties | undefined;
}

/** One filter of a SUBSCRIBE. In 3.1.1 there is only the QoS. */
export interface Subscription {
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** Retained messages are sent: 0 at every subscribe, 1 only at a new subscription, 2 never. */
  readonly retainHandling: 0 | 1 | 2;
}

/** Asks for messages. */
export interface SubscribePacket {
  readonly type: "subscribe";
  readonly packetId: number;
  readonly subscriptions: readonly Subscription[];
  readonly properties?: SubscribeProperties | undefined;
}

/** Answers SUBSCRIBE, one code for each filter: the granted QoS, or 0x80 and above for a refusal. */
export interface SubackPacket {
  readonly type: "suback";
  readonly packetId: number;
  readonly reasonCodes: readonly number[];
  readonly properties?: ReasonProperties | undefined;
}

/** Ends subscriptions. */
export interface UnsubscribePacket {
  readonly type: "unsubscribe";
  readonly packetId: number;
  readonly filters: readonly string[];
  readonly properties?: UnsubscribeProperties | undefined;
}

/** Answers UNSUBSCRIBE. In 3.1.1 without reason codes. */
export interface UnsubackPacket {
  readonly type: "unsuback";
  readonly packetId: number;
  readonly reasonCodes: readonly number[];
  readonly properties?: ReasonProperties | undefined;
}

/** A client's question whether the server is there. */
export interface PingreqPacket {
  readonly type: "pingreq";
}

/** The server's answer to PINGREQ. */
export interface PingrespPacket {
  readonly type: "pingresp";
}

/** The last packet of either side; in 3.1.1 only a client's, and without a reason. */
export interface DisconnectPacket {
  readonly type: "disconnect";
  readonly reasonCode: number;
  readonly properties?: DisconnectProperties | undefined;
}

/** Extended authentication, MQTT 5 only. */
export interface AuthPacket {
  readonly type: "auth";
  readonly reasonCode: number;
  readonly properties?: AuthProperties | undefined;
}

/** Every control packet of MQTT 3.1.1 and 5. */
export type Packet =
  | ConnectPacket
  | ConnackPacket
  | PublishPacket
  | AcknowledgementPacket
  | SubscribePacket
  | SubackPacket
  | UnsubscribePacket
  | UnsubackPacket
  | PingreqPacket
  | PingrespPacket
  | DisconnectPacket
  | AuthPacket;
