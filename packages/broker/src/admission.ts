import { randomBytes } from "node:crypto";
import {
  type ConnackPacket,
  type ConnackProperties,
  type ConnectPacket,
  type MalformedPacketError,
  type ProtocolLevel,
  ReasonCode,
} from "@mqtt-meet/mqtt";
import type { Grant } from "./grant.ts";
import type { BrokerLimits } from "./limits.ts";
import type { PublicationContent } from "./publication.ts";
import type { Session, SessionWill } from "./session.ts";
import { areAcceptableUserProperties, isAcceptableTopic, isCleanText } from "./topic-rules.ts";

/** Why a CONNECT is refused whoever sends it, as a reason code of MQTT 5; undefined when nothing is wrong with it. */
export function connectProblem(packet: ConnectPacket, limits: BrokerLimits): number | undefined {
  const { clientId, will, properties } = packet;
  if (properties?.authenticationMethod !== undefined) return ReasonCode.badAuthenticationMethod;
  const isTooLong = Buffer.byteLength(clientId) > limits.maxClientIdBytes;
  const isMissing = clientId === "" && (packet.level === 3 || (packet.level === 4 && !packet.cleanStart));
  if (isTooLong || isMissing || !isCleanText(clientId)) return ReasonCode.clientIdentifierNotValid;
  if (will && !isAcceptableTopic(will.topic, limits)) return ReasonCode.topicNameInvalid;
  const areFew =
    areAcceptableUserProperties(properties, limits) && areAcceptableUserProperties(will?.properties, limits);
  return areFew ? undefined : ReasonCode.quotaExceeded;
}

/** Why this client is refused; undefined when it may come in. `existing` is the session that has its client id. */
export function admissionProblem(
  packet: ConnectPacket,
  facts: { readonly grant: Grant | undefined; readonly existing: Pick<Session, "grant"> | undefined },
): number | undefined {
  const { grant, existing } = facts;
  if (!grant) return ReasonCode.badUserNameOrPassword;
  const { will } = packet;
  if (will && will.qos > grant.maxQos) return ReasonCode.qosNotSupported;
  if (will && !mayPublishWill(grant, will)) return ReasonCode.notAuthorized;
  if (existing && existing.grant.identity !== grant.identity) return ReasonCode.clientIdentifierNotValid;
  return undefined;
}

/** Whether a will may be published: asked at CONNECT, and again when its time has come. */
export function mayPublishWill(grant: Grant, will: PublicationContent): boolean {
  const { qos, retain, payload } = will;
  return grant.mayPublish(will.topic, { qos, retain, will: true, payloadBytes: payload.length });
}

/** A client id for a client that came without one. */
export function newClientId(): string {
  return `auto-${randomBytes(12).toString("base64url")}`;
}

/** What was agreed with a client that is let in. */
export interface Terms {
  readonly keepAliveS: number;
  readonly sessionExpiryS: number;
  /** Messages of QoS 1 and 2 that may be on the way to the client. */
  readonly window: number;
  readonly maximumPacketBytes: number;
  /** Topic aliases that the client understands and we use. */
  readonly topicAliasMaximum: number;
  readonly will: SessionWill | undefined;
}

/** What the client asked for, within the limits. */
export function termsFor(
  packet: ConnectPacket,
  facts: { readonly grant: Grant; readonly limits: BrokerLimits },
): Terms {
  const { grant, limits } = facts;
  const { properties } = packet;
  return {
    keepAliveS: keepAliveFor(packet, facts),
    sessionExpiryS: Math.min(wantedExpiryS(packet), grant.sessionExpiryMaxS ?? limits.sessionExpiryMaxS),
    window: Math.min(properties?.receiveMaximum ?? limits.maxInFlight, limits.maxInFlight),
    maximumPacketBytes: properties?.maximumPacketBytes ?? Number.POSITIVE_INFINITY,
    topicAliasMaximum: Math.min(properties?.topicAliasMaximum ?? 0, limits.topicAliasMaximum),
    will: packet.will && willFor(packet.will),
  };
}

/** What CONNACK tells an MQTT 5 client: what it may do, and what differs from what it asked for. */
export function connackProperties(
  packet: ConnectPacket,
  facts: { readonly grant: Grant; readonly limits: BrokerLimits; readonly terms: Terms; readonly clientId: string },
): ConnackProperties {
  const { grant, limits, terms, clientId } = facts;
  return {
    topicAliasMaximum: limits.topicAliasMaximum,
    maximumPacketBytes: limits.maxPacketBytes,
    receiveMaximum: limits.receiveMaximum,
    ...(grant.maxQos < 2 ? { maximumQos: grant.maxQos as 0 | 1 } : {}),
    ...(packet.clientId === "" ? { assignedClientIdentifier: clientId } : {}),
    ...(terms.keepAliveS === packet.keepAliveS ? {} : { serverKeepAliveS: terms.keepAliveS }),
    ...(terms.sessionExpiryS === wantedExpiryS(packet) ? {} : { sessionExpiryS: terms.sessionExpiryS }),
  };
}

/** What tells a client that it is not let in; undefined: 3.1.1 just closes. */
export function refusalPacket(reasonCode: number, level: ProtocolLevel): ConnackPacket | undefined {
  const code = level === 5 ? reasonCode : returnCodeOf(reasonCode);
  return code === undefined ? undefined : { type: "connack", sessionPresent: false, reasonCode: code };
}

/** 3.1.1 answers a CONNECT that can be read, and one of a version that is not known; any other just ends. */
export function reasonOfBrokenConnect({ reasonCode }: MalformedPacketError, level: ProtocolLevel): number {
  const isAnswered = level === 5 || reasonCode === ReasonCode.unsupportedProtocolVersion;
  return isAnswered ? reasonCode : ReasonCode.malformedPacket;
}

/** A reason code in the words of 3.1.1; undefined: that version just closes. */
export function returnCodeOf(reasonCode: number): number | undefined {
  switch (reasonCode) {
    case ReasonCode.malformedPacket:
    case ReasonCode.protocolError:
    case ReasonCode.packetTooLarge:
      return undefined;
    case ReasonCode.unsupportedProtocolVersion:
      return 1;
    case ReasonCode.clientIdentifierNotValid:
      return 2;
    case ReasonCode.serverUnavailable:
    case ReasonCode.serverBusy:
    case ReasonCode.quotaExceeded:
    case ReasonCode.connectionRateExceeded:
      return 3;
    default:
      return 5;
  }
}

/** No keep alive, or a very long one, would let a dead client stay. An MQTT 5 client can be told otherwise. */
function keepAliveFor(packet: ConnectPacket, facts: { readonly grant: Grant; readonly limits: BrokerLimits }): number {
  const maximum = facts.grant.keepAliveMaxS ?? facts.limits.keepAliveMaxS;
  const wanted = packet.keepAliveS === 0 ? maximum : Math.min(packet.keepAliveS, maximum);
  return packet.level === 5 ? Math.max(wanted, Math.min(facts.limits.keepAliveMinS, maximum)) : wanted;
}

/** In 3.1.1 a session that is not clean has no end of its own. */
function wantedExpiryS(packet: ConnectPacket): number {
  if (packet.level < 5) return packet.cleanStart ? 0 : Number.POSITIVE_INFINITY;
  const expiryS = packet.properties?.sessionExpiryS ?? 0;
  return expiryS === 0xffff_ffff ? Number.POSITIVE_INFINITY : expiryS;
}

function willFor(will: NonNullable<ConnectPacket["will"]>): SessionWill {
  const { topic, qos, retain } = will;
  const { willDelayS = 0, correlationData, ...properties } = will.properties ?? {};
  // Its bytes are views of a chunk, and it stays for as long as the client.
  const kept = { ...properties, ...(correlationData ? { correlationData: correlationData.slice() } : {}) };
  return { content: { topic, payload: will.payload.slice(), qos, retain, properties: kept }, delayS: willDelayS };
}
