import type { Grant } from "@mqtt-meet/broker";
import { TopicScheme } from "@mqtt-meet/protocol";
import { roomGrant } from "../room-grant.ts";
import type { PublishKind, RoomTokenClaims } from "./room-token.ts";

/** Clocks differ, and a refreshed token may come a little late. */
export const EXPIRY_LEEWAY_S = 60;

/** The track in which a screen is shown. */
const SCREEN = "screen";

/**
 * What the holder of a token may do: what a member of the room may (docs/protocol.md, A1 to A6), as far as the token
 * says so, and until it expires. `nowS` is asked at every decision.
 */
export function tokenGrant(
  claims: RoomTokenClaims,
  { clientId, nowS }: { readonly clientId: string; readonly nowS: () => number },
): Grant {
  const { room, peer, subscribe, expiresAtS } = claims;
  const member = roomGrant({ room, peer, clientId });
  const topics = new TopicScheme(room);
  const kinds = new Set(claims.publish);
  const isCurrent = () => nowS() < expiresAtS + EXPIRY_LEEWAY_S;
  return {
    ...member,
    mayPublish: (topic, request) => {
      const needed = kindOf(topics, topic);
      return isCurrent() && (needed === undefined || kinds.has(needed)) && member.mayPublish(topic, request);
    },
    maySubscribe: (filter) => {
      const isOwn = filter.startsWith(topics.inboxFilter(peer).slice(0, -1));
      return isCurrent() && (subscribe || isOwn) && member.maySubscribe(filter);
    },
    mayReceive: isCurrent,
  };
}

/** Which right a topic needs beyond being a member; undefined: none. */
function kindOf(topics: TopicScheme, topic: string): PublishKind | undefined {
  const parsed = topics.parse(topic);
  switch (parsed?.kind) {
    case "audio":
      return "a";
    case "video":
      return parsed.track === SCREEN ? "s" : "v";
    case "all":
      return "c";
    default:
      return undefined;
  }
}
