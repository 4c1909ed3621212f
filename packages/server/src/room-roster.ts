import { isTopicLevel, PACKET_VERSION, ProtocolError, parsePacket, parseState, TopicScheme } from "@mqtt-meet/protocol";

/** Somebody came into a room or left it. */
export interface RoomEvent {
  readonly type: "joined" | "left";
  /** The room's level, which tells members and nobody else which room it is. */
  readonly room: string;
  readonly peer: string;
  /** Empty in an encrypted room, where names are for members. */
  readonly name: string;
  /** How many are in the room now. */
  readonly present: number;
}

/** Beyond what the broker admits. */
const MAX_PEERS = 10_000;

/**
 * Who is in which room, as far as the states tell: in an encrypted room, that somebody is there. The only place in the
 * server that looks into what participants say.
 */
export class RoomRoster {
  readonly #rooms = new Map<string, Map<string, { readonly name: string; readonly incarnation: number }>>();
  #peers = 0;

  /** Rooms with somebody in them. */
  get rooms(): number {
    return this.#rooms.size;
  }

  /** Everybody in them. */
  get participants(): number {
    return this.#peers;
  }

  /** Whether somebody is in this room. */
  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  /** Takes a state as published, or an empty payload. */
  observe(topic: string, payload: Uint8Array): RoomEvent | undefined {
    const [, , room = ""] = topic.split("/");
    const parsed = isTopicLevel(room) ? new TopicScheme(room).parse(topic) : undefined;
    if (parsed?.kind !== "state") return undefined;
    const place = { room, peer: parsed.peer };
    if (payload.length === 0) return this.#leave(place, Number.POSITIVE_INFINITY);
    try {
      if (payload[0] === PACKET_VERSION) return this.#observeSealed(place, payload);
      const { name, incarnation, status } = parseState(payload);
      return status === "gone" ? this.#leave(place, incarnation) : this.#join(place, { name, incarnation });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return undefined;
    }
  }

  /** Of a sealed state nothing can be told but whether it is a will. */
  #observeSealed(place: { room: string; peer: string }, payload: Uint8Array): RoomEvent | undefined {
    const { encrypted, will } = parsePacket(payload).header;
    if (!encrypted) return undefined;
    return will ? this.#leave(place, 0) : this.#join(place, { name: "", incarnation: 0 });
  }

  #join(place: { room: string; peer: string }, entry: { name: string; incarnation: number }): RoomEvent | undefined {
    const peers = this.#rooms.get(place.room) ?? new Map();
    const known = peers.get(place.peer);
    if ((!known && this.#peers >= MAX_PEERS) || (known && known.incarnation > entry.incarnation)) return undefined;
    this.#rooms.set(place.room, peers.set(place.peer, entry));
    if (known) return undefined;
    this.#peers++;
    return { type: "joined", ...place, name: entry.name, present: peers.size };
  }

  #leave(place: { room: string; peer: string }, incarnation: number): RoomEvent | undefined {
    const peers = this.#rooms.get(place.room);
    const known = peers?.get(place.peer);
    if (!peers || !known || known.incarnation > incarnation) return undefined;
    peers.delete(place.peer);
    if (peers.size === 0) this.#rooms.delete(place.room);
    this.#peers--;
    return { type: "left", ...place, name: known.name, present: peers.size };
  }
}
