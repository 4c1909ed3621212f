import type { ClientRates, Grant } from "@mqtt-meet/broker";
import { MAX_KNOCK_BYTES, type PeerId, type TopicLevel, TopicScheme } from "@mqtt-meet/protocol";
import { MAX_KEEP_ALIVE_S } from "../room-grant.ts";

/** As many as a room holds. */
const MAX_WAITING = 100;

/** A knock every five seconds, one SUBSCRIBE, and what a connection that breaks and comes back needs. */
const DOOR_RATES: ClientRates = {
  bytes: { perS: 2_000, burst: 32_000 },
  messages: { perS: 2, burst: 32 },
  reliable: { perS: 1, burst: 16 },
  subscribes: { perS: 1, burst: 16 },
};

/**
 * What somebody may do who waits at the door of a room (docs/protocol.md, D2): say that it is there, and hear whether it
 * may come in.
 */
export function doorGrant(
  { room, peer }: { readonly room: TopicLevel; readonly peer: PeerId },
  isCurrent: () => boolean,
): Grant {
  const topics = new TopicScheme(room);
  const [knock, standing] = [topics.knock(peer), topics.standing(peer)];
  return {
    identity: `${room}/${peer}`,
    maxQos: 1,
    keepAliveMaxS: MAX_KEEP_ALIVE_S,
    sessionExpiryMaxS: 0,
    rates: DOOR_RATES,
    // Those who wait do not take the places of those who are inside.
    group: { name: `${room} door`, maxIdentities: MAX_WAITING },
    mayPublish: (topic, { qos, retain, will, payloadBytes }) =>
      topic === knock && qos === 1 && !retain && !will && payloadBytes <= MAX_KNOCK_BYTES && isCurrent(),
    maySubscribe: (filter) => filter === standing && isCurrent(),
    mayReceive: isCurrent,
  };
}
