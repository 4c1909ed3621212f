import type { QoS } from "@mqtt-meet/mqtt";
import type { ClientRates } from "./ingress-meter.ts";
import { type EgressLimits, PLAIN_EGRESS } from "./limits.ts";

/** Where a connection came from, as its listener knows it. */
export interface ConnectionInfo {
  /** It came in by a listener that only this machine can reach, and not through a proxy. */
  readonly local: boolean;
  /** It came without encryption from another machine: nothing secret should be said over it. */
  readonly inClear?: boolean | undefined;
  /** The page that opened a WebSocket, if it was a page. */
  readonly origin?: string | undefined;
  /** Who it is, where a trusted proxy says so. Absent: the other end of the stream. */
  readonly remoteAddress?: string | undefined;
}

/** What a client says of itself before it is let in. */
export interface AuthenticationRequest {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Uint8Array | undefined;
  readonly info: ConnectionInfo;
  readonly remoteAddress: string | undefined;
  /** The connection is encrypted by TLS. */
  readonly secure: boolean;
}

/** Who this is has been proved, and it may not come in all the same: that is no wrong password. */
export interface TurnedAway {
  /** Told to the client; one of MQTT 5. */
  readonly refusedWith: number;
}

/** The rights of a client; undefined: its credentials prove nothing. */
export type Authentication = Grant | TurnedAway | undefined;

/** Decides who a client is, and what it may do. */
export type Authenticate = (request: AuthenticationRequest) => Authentication | Promise<Authentication>;

/** A message that a client wants to publish. */
export interface PublishRequest {
  readonly qos: QoS;
  readonly retain: boolean;
  /** It is the client's will: asked at CONNECT, and again when it is to be published. */
  readonly will: boolean;
  readonly payloadBytes: number;
}

/** What one client may do. Its answers may change while the client is connected: they are asked for every message. */
export interface Grant {
  /** Who this is. Only the same identity may take over a client id with its session. */
  readonly identity: string;
  readonly maxQos: QoS;
  /** The topic is the final one, after its alias. */
  mayPublish(topic: string, request: PublishRequest): boolean;
  /** The filter as the client sent it, with `$share/NAME/` where it has that. */
  maySubscribe(filter: string): boolean;
  /** Asked for every message that matches a subscription. Absent: everything. */
  mayReceive?(topic: string): boolean;
  /** Absent: the broker's own limits. */
  readonly keepAliveMaxS?: number | undefined;
  readonly sessionExpiryMaxS?: number | undefined;
  readonly egress?: EgressLimits | undefined;
  readonly rates?: ClientRates | "unlimited" | undefined;
  /** Those who share a bound, e.g. a room: no more different identities of it are let in. */
  readonly group?: { readonly name: string; readonly maxIdentities: number } | undefined;
  /** What follows a PUBLISH that is not allowed, whatever it is or by its topic. The default: the connection ends. */
  readonly onRefusedPublish?: RefusedPublish | ((topic: string) => RefusedPublish) | undefined;
}

/** The connection ends, or the message is acknowledged with 0x87 "not authorized" and dropped. */
export type RefusedPublish = "close" | "drop";

/** Whether a PUBLISH on `topic` that is not allowed leaves the connection as it is. */
export function isRefusedQuietly({ onRefusedPublish: how }: Grant, topic: string): boolean {
  return (typeof how === "function" ? how(topic) : how) === "drop";
}

/** The rights that an answer gives. */
export function grantIn(answer: Authentication): Grant | undefined {
  return answer && !("refusedWith" in answer) ? answer : undefined;
}

/** Topics of meetings, which need more than being on the same machine. */
const MEETING_PREFIX = "mm/";

/** What a client may do at present. */
export interface Rights {
  grant: Grant;
}

/** For programs on this machine: ordinary MQTT, everything but meetings and what begins with `$`. */
export const LOCAL_GRANT: Grant = {
  identity: "local",
  maxQos: 2,
  mayPublish: isPlain,
  maySubscribe: (filter) => isPlain(filter.replace(/^\$share\/[^/]*\//, "")),
  mayReceive: isPlain,
  keepAliveMaxS: 1200,
  egress: PLAIN_EGRESS,
  rates: "unlimited",
  onRefusedPublish: "drop",
};

/** The default: without credentials, {@link LOCAL_GRANT} to local clients, and nothing to others. */
export function authenticateLocal(request: AuthenticationRequest): Grant | undefined {
  return request.info.local && request.username === undefined && request.password === undefined
    ? LOCAL_GRANT
    : undefined;
}

function isPlain(topic: string): boolean {
  return !topic.startsWith("$") && !topic.startsWith(MEETING_PREFIX);
}
