import type { Grant } from "@mqtt-meet/broker";
import { ALL_LEVEL, type PublishKind, type RoomTopic, TopicScheme } from "@mqtt-meet/protocol";
import { roomGrant } from "../room-grant.ts";
import type { RoomTokenClaims } from "./room-token.ts";

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
  const { room, peer, subscribe, admin, expiresAtS } = claims;
  const member = roomGrant({ room, peer, clientId });
  const topics = new TopicScheme(room);
  const kinds = new Set(claims.publish);
  const isCurrent = () => nowS() < expiresAtS + EXPIRY_LEEWAY_S;
  return {
    ...member,
    mayPublish: (topic, request) => {
      if (!isCurrent()) return false;
      const parsed = topics.parse(topic);
      // Only the server listens there. It takes who wants it from the topic, and that it may be wanted from here (A16).
      if (parsed?.kind === "removal") {
        return admin && parsed.from === peer && parsed.peer !== peer && !request.retain && !request.will;
      }
      const needed = kindOf(parsed);
      return (needed === undefined || kinds.has(needed)) && member.mayPublish(topic, request);
    },
    maySubscribe: (filter) => isCurrent() && (subscribe || !isMedia(filter)) && member.maySubscribe(filter),
    mayReceive: isCurrent,
  };
}

/** Which right a topic needs beyond being a member; undefined: none. */
function kindOf(topic: RoomTopic | undefined): PublishKind | undefined {
  switch (topic?.kind) {
    case "audio":
      return "a";
    case "video":
      return topic.track === SCREEN ? "s" : "v";
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
