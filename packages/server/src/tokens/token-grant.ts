import type { Grant, PublishRequest } from "@mqtt-meet/broker";
import {
  ALL_LEVEL,
  MAX_ORDER_BYTES,
  MUTABLE_KINDS,
  type MutableKind,
  type PublishKind,
  type RoomTopic,
  TopicScheme,
} from "@mqtt-meet/protocol";
import { roomGrant } from "../room-grant.ts";
import type { RoomTokenClaims } from "./room-token.ts";

/** Clocks differ, and a refreshed token may come a little late. */
export const EXPIRY_LEEWAY_S = 60;

/** The tracks in which a screen is shown: who shares one again has another track (docs/protocol.md, K7). */
const SCREEN = /^screen(?:-[1-9]\d*)?$/;

/** What a token's rights depend on besides what it says; both are asked at every decision. */
export interface TokenCircumstances {
  readonly clientId: string;
  /** Seconds since the Unix epoch. */
  readonly nowS: () => number;
  /** Whether a host has forbidden the holder to publish this (D6). Absent: nobody has. */
  readonly isMuted?: (kind: MutableKind) => boolean;
}

/**
 * What the holder of a token may do: what a member of the room may (docs/protocol.md, A1 to A6), as far as the token
 * says so and no host forbids it, and until it expires.
 */
export function tokenGrant(claims: RoomTokenClaims, circumstances: TokenCircumstances): Grant {
  const { clientId, nowS, isMuted = () => false } = circumstances;
  const { room, peer, subscribe, admin, expiresAtS } = claims;
  const member = roomGrant({ room, peer, clientId });
  const topics = new TopicScheme(room);
  const kinds = new Set(claims.publish);
  const isCurrent = () => isTokenCurrent(expiresAtS, nowS());
  const isForbidden = (kind: PublishKind | undefined) => isMutable(kind) && isMuted(kind);
  return {
    ...member,
    mayPublish: (topic, request) => {
      if (!isCurrent()) return false;
      const parsed = topics.parse(topic);
      // Only servers listen there. They take who wants it from the topic, and that it may be wanted from here (A16, D5).
      if (parsed?.kind === "removal" || parsed?.kind === "order") {
        return admin && parsed.from === peer && parsed.peer !== peer && isPlainWord(parsed.kind, request);
      }
      const needed = kindOf(parsed);
      if (isForbidden(needed)) return false;
      return (needed === undefined || kinds.has(needed)) && member.mayPublish(topic, request);
    },
    maySubscribe: (filter) => {
      if (!isCurrent()) return false;
      if (filter === topics.allKnocks || topics.parse(filter)?.kind === "knock") return admin;
      return (subscribe || !isMedia(filter)) && member.maySubscribe(filter);
    },
    mayReceive: isCurrent,
    // Who is muted notices late, or does not want to notice: that is no reason to lose the meeting (D6).
    onRefusedPublish: (topic) => {
      const kind = kindOf(topics.parse(topic));
      const isOwn = member.mayPublish(topic, { qos: 0, retain: false, will: false, payloadBytes: 0 });
      return kind && kinds.has(kind) && isForbidden(kind) && isOwn && isCurrent() ? "drop" : "close";
    },
  };
}

/** Whether what expires then is of use now. */
export function isTokenCurrent(expiresAtS: number, nowS: number): boolean {
  return nowS < expiresAtS + EXPIRY_LEEWAY_S;
}

function isMutable(kind: PublishKind | undefined): kind is MutableKind {
  return MUTABLE_KINDS.some((mutable) => mutable === kind);
}

/** What a host says to servers is neither kept nor left behind. A removal is as old as the first servers, which look at nothing else. */
function isPlainWord(kind: "removal" | "order", { qos, retain, will, payloadBytes }: PublishRequest): boolean {
  return !retain && !will && (kind === "removal" || (qos === 1 && payloadBytes <= MAX_ORDER_BYTES));
}

/** Which right a topic needs beyond being a member; undefined: none. */
function kindOf(topic: RoomTopic | undefined): PublishKind | undefined {
  switch (topic?.kind) {
    case "audio":
      return "a";
    case "video":
      return SCREEN.test(topic.track) ? "s" : "v";
    case "all":
      return "c";
    default:
      return undefined;
  }
}

/** Whether a filter of a room could bring sound or pictures. */
function isMedia(filter: string): boolean {
  const [, , , who = "", kind = ""] = filter.split("/");
  return who !== ALL_LEVEL && kind !== "state" && kind !== "catalog" && kind !== "in";
}
