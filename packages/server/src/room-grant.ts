import type { Grant, PublishRequest } from "@mqtt-meet/broker";
import { ALL_LEVEL, isTopicLevel, type PeerId, TOPIC_PREFIX, type TopicLevel, TopicScheme } from "@mqtt-meet/protocol";

const MAX_RETAINED_BYTES = 4 * 1024;
const MAX_WILL_BYTES = 1024;
/** Who says nothing for one and a half times this is gone; in seconds. */
export const MAX_KEEP_ALIVE_S = 60;
/** A participant that was away for longer comes back as new. */
const MAX_SESSION_EXPIRY_S = 120;
const MAX_PARTICIPANTS = 100;
const MAX_LEVELS = 8;
/** What others may read of a peer: not its inbox. */
const OPEN_KINDS: ReadonlySet<string> = new Set(["state", "catalog", "a", "v"]);

/**
 * What a connection may do that has proved to be `peer` in `room` (docs/protocol.md, A1 to A6). Only the connection
 * whose client id is the peer itself may leave something behind: a retained message or a will.
 */
export function roomGrant(proved: {
  readonly room: TopicLevel;
  readonly peer: PeerId;
  readonly clientId: string;
}): Grant {
  const { room, peer, clientId } = proved;
  const topics = new TopicScheme(room);
  const isMain = clientId === peer;
  return {
    identity: `${room}/${peer}`,
    maxQos: 1,
    keepAliveMaxS: MAX_KEEP_ALIVE_S,
    sessionExpiryMaxS: MAX_SESSION_EXPIRY_S,
    group: { name: room, maxIdentities: MAX_PARTICIPANTS },
    mayPublish: (topic, request) =>
      (isMain || !(request.retain || request.will)) && mayPublish(topics, peer, { topic, ...request }),
    maySubscribe: (filter) => maySubscribe(room, peer, filter),
  };
}

function mayPublish(topics: TopicScheme, own: PeerId, publish: PublishRequest & { readonly topic: string }): boolean {
  const { retain, will, payloadBytes } = publish;
  const topic = topics.parse(publish.topic);
  switch (topic?.kind) {
    case "state":
      return topic.peer === own && payloadBytes <= (will ? MAX_WILL_BYTES : MAX_RETAINED_BYTES);
    case "catalog":
      return topic.peer === own && !will && payloadBytes <= MAX_RETAINED_BYTES;
    case "audio":
    case "video":
      return topic.peer === own && !will && !retain;
    case "inbox":
      return topic.peer !== own && topic.from === own && !will && !retain;
    case "all":
      return topic.from === own && !will && !retain;
    // The hosts of token rooms and their servers have these (A16, D2 to D7): see tokenGrant.
    case "removal":
    case "knock":
    case "standing":
    case "order":
    case "rules":
    case undefined:
      return false;
  }
}

function maySubscribe(room: TopicLevel, own: PeerId, filter: string): boolean {
  const levels = filter.split("/");
  const [project, version, filterRoom, who = "", kind = ""] = levels;
  if (`${project}/${version}` !== TOPIC_PREFIX || filterRoom !== room) return false;
  if (levels.length < 5 || levels.length > MAX_LEVELS) return false;
  if (who !== "+" && !isTopicLevel(who)) return false;
  const below = who === ALL_LEVEL || who === own ? levels.slice(4) : levels.slice(5);
  if (below.length === levels.length - 5 && !OPEN_KINDS.has(kind)) return false;
  return below.every((level, index) => isFilterLevel(level, index === below.length - 1));
}

function isFilterLevel(level: string, isLast: boolean): boolean {
  return level === "+" || (level === "#" && isLast) || isTopicLevel(level);
}
