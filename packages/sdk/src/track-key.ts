import { isTopicLevel, type PeerId, type TopicLevel } from "@mqtt-meet/protocol";

/** Takes `peer/id` apart. Throws a TypeError when it names no track. */
export function parseTrackKey(key: string): { readonly peer: PeerId; readonly id: TopicLevel } {
  const [peer = "", id = "", ...rest] = key.split("/");
  if (!isTopicLevel(peer) || !isTopicLevel(id) || rest.length > 0) throw new TypeError(`"${key}" names no track.`);
  return { peer, id };
}
