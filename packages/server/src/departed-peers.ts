import { isTopicLevel, type TopicLevel, TopicScheme } from "@mqtt-meet/protocol";

/** As long as a participant whose connection broke may take to come back. */
export const DEPARTURE_MS = 60_000;

/** When more have left than this, the first are forgotten before their time. */
const MAX_WAITING = 10_000;

/** A connection of a room, as the broker names it. */
export interface RoomConnection {
  /** `<room>/<peer>`: see roomGrant. */
  readonly identity: string;
  readonly clientId: string;
}

/**
 * Knows which participants have left without clearing what they retained. Only the main connection counts, whose client
 * id is the peer: it alone retains.
 */
export class DepartedPeers {
  readonly #connections = new Map<string, number>();
  /** When each left, oldest first. */
  readonly #departures = new Map<string, number>();

  connected(connection: RoomConnection): void {
    if (!isMain(connection)) return;
    const { identity } = connection;
    this.#connections.set(identity, (this.#connections.get(identity) ?? 0) + 1);
    this.#departures.delete(identity);
  }

  /** A taken-over connection ends after the one that took over has begun: hence the count. */
  disconnected(connection: RoomConnection, nowMs: number): void {
    if (!isMain(connection)) return;
    const { identity } = connection;
    const left = (this.#connections.get(identity) ?? 1) - 1;
    if (left > 0) {
      this.#connections.set(identity, left);
      return;
    }
    this.#connections.delete(identity);
    this.#departures.delete(identity);
    this.#departures.set(identity, nowMs);
  }

  /** The topics to clear now; each is told once. */
  take(nowMs: number): readonly string[] {
    const topics: string[] = [];
    for (const [identity, leftAtMs] of this.#departures) {
      if (leftAtMs + DEPARTURE_MS > nowMs && this.#departures.size <= MAX_WAITING) break;
      this.#departures.delete(identity);
      const [room, peer] = identity.split("/") as [TopicLevel, TopicLevel];
      const scheme = new TopicScheme(room);
      topics.push(scheme.catalog(peer), scheme.state(peer));
    }
    return topics;
  }
}

function isMain({ identity, clientId }: RoomConnection): boolean {
  const [room = "", peer = ""] = identity.split("/");
  return peer === clientId && isTopicLevel(room) && isTopicLevel(peer);
}
