import { isTopicLevel, type TopicLevel } from "./topic-level.ts";

/** What somebody may be let publish: audio, video, screen, chat (K7). */
export const PUBLISH_KINDS = ["a", "v", "s", "c"] as const;
export type PublishKind = (typeof PUBLISH_KINDS)[number];

/** What a token or an invitation lets its holder do in one room, for some time (K7). */
export interface RoomRights {
  readonly room: TopicLevel;
  /** For people and interfaces; rights are in the next three. */
  readonly role: string;
  readonly publish: readonly PublishKind[];
  /** Whether the sound and pictures of others may be received. */
  readonly subscribe: boolean;
  /** Whether others may be removed. */
  readonly admin: boolean;
  /** Whether its holder waits at the door until a host lets it in (D1). */
  readonly wait: boolean;
  /** Seconds since the Unix epoch. */
  readonly expiresAtS: number;
  readonly notBeforeS: number;
}

/** Rights for whoever has it: who that is, is said at CONNECT (K11). */
export interface Invitation extends RoomRights {
  /** The same for everybody who came with this invitation. */
  readonly id: string;
}

const MAX_ID_CHARACTERS = 64;

/** Reads the rights in the payload of a token; undefined when there are none. What signed it was checked before, or is by the server. */
export function parseRoomRights(payload: unknown): RoomRights | undefined {
  if (!isRecord(payload)) return undefined;
  const { exp, nbf = 0, mqm: rights } = payload;
  if (!isRecord(rights) || rights["v"] !== 1) return undefined;
  const { room, role, pub, sub, admin, wait } = rights;
  if (typeof room !== "string" || !isTopicLevel(room)) return undefined;
  if (typeof exp !== "number" || typeof nbf !== "number" || !Array.isArray(pub)) return undefined;
  return {
    ...{ room, role: typeof role === "string" ? role : "", expiresAtS: exp, notBeforeS: nbf },
    publish: PUBLISH_KINDS.filter((kind) => pub.includes(kind)),
    subscribe: sub === true,
    admin: admin === true,
    wait: wait === true,
  };
}

/** The same of an invitation; what names a peer is a token, and none. */
export function parseInvitation(payload: unknown): Invitation | undefined {
  const rights = parseRoomRights(payload);
  if (!rights || !isRecord(payload) || payload["sub"] !== undefined) return undefined;
  const { jti: id } = payload;
  const isId = typeof id === "string" && id !== "" && id.length <= MAX_ID_CHARACTERS;
  return isId ? { ...rights, id } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
