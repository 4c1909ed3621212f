import type { ConnectedClient } from "@mqtt-meet/broker";
import {
  type DoorOrder,
  type DoorRules,
  encodeRoomRules,
  encodeStanding,
  type MutableKind,
  type PeerId,
  ProtocolError,
  parseOrder,
  parseRoomRules,
  type RoomTopic,
  type Standing,
  type TopicLevel,
  TopicScheme,
} from "@mqtt-meet/protocol";
import { type Holder, RoomDoor } from "./room-door.ts";
import { setBounded } from "./set-bounded.ts";

/** Somebody with a right to a room. */
export interface RoomHolder extends Holder {
  readonly room: TopicLevel;
}

/** How a {@link DoorKeeper} speaks, and what it asks. */
export interface DoorKeeperOptions {
  /** Publishes with QoS 1, now or not at all. */
  readonly say: (topic: string, payload: Uint8Array, options: { readonly retain: boolean }) => void;
  /** Whether somebody is in the room, also through another server of the same broker. */
  readonly isOccupied: (room: string) => boolean;
}

/** What was said, and when. */
interface Word {
  readonly payload: Uint8Array;
  readonly nowS: number;
}

type Client = Pick<ConnectedClient, "clientId">;

/** Somebody at the door. */
interface Waiting {
  readonly holder: RoomHolder;
  readonly client: Client;
  readonly told: Standing | undefined;
  readonly answeredAtS: number;
}

/** When rules are forgotten after the last one has left: a pause is shorter, the next meeting of the day longer away. */
const FORGET_AFTER_S = 600;
/** A host's order may come before the guest does, or by another server. No invitation of ours lasts longer. */
const ADMITTED_FOR_S = 86_400;
/** Who knocks faster is answered no faster. */
const ANSWER_EVERY_S = 1;
/** As many as the broker lets connections in. Beyond, the room that nobody has entered for longest is forgotten. */
const MAX_ROOMS = 2_000;
/** Of rooms of all kinds; the oldest are forgotten, and would have to wait at another server than the one that they left. */
const MAX_SEEN = 10_000;

/**
 * Keeps the doors of token rooms: hears hosts and those who knock, tells those who wait how it stands, and publishes the
 * rules on each change (docs/protocol.md, D1 to D8). Decides by {@link RoomDoor}; the time is an argument, in seconds
 * since the Unix epoch.
 */
export class DoorKeeper {
  readonly #options: DoorKeeperOptions;
  /** The rooms that were entered last are at the end. */
  readonly #doors = new Map<TopicLevel, RoomDoor>();
  readonly #emptySince = new Map<TopicLevel, number>();
  /** By room: the open connections of each peer that is inside. */
  readonly #inside = new Map<TopicLevel, Map<PeerId, Set<Client>>>();
  /** By identity: those at the doors. */
  readonly #waiting = new Map<string, Waiting>();
  /** By identity: whose state was seen in a room of whatever kind, let in by this server or another. */
  readonly #seen = new Map<string, true>();

  constructor(options: DoorKeeperOptions) {
    this.#options = options;
  }

  /** Whether `holder`, who was not removed, may come in. */
  standing(holder: RoomHolder): Standing {
    if (this.#seen.has(identityOf(holder))) return "in";
    return (this.#doors.get(holder.room) ?? new RoomDoor()).standing(holder);
  }

  isMuted(holder: RoomHolder, kind: MutableKind): boolean {
    return this.#doors.get(holder.room)?.isMuted(holder, kind) ?? false;
  }

  /** A connection was let in, to its room or to the door. */
  connected(client: Client, { holder, isAtDoor }: { readonly holder: RoomHolder; readonly isAtDoor: boolean }): void {
    if (isAtDoor) {
      this.#waiting.set(identityOf(holder), { holder, client, told: undefined, answeredAtS: 0 });
      return;
    }
    const { room, peer } = holder;
    const peers = this.#inside.get(room) ?? new Map<PeerId, Set<Client>>();
    this.#inside.set(room, peers.set(peer, (peers.get(peer) ?? new Set()).add(client)));
    this.#emptySince.delete(room);
    const door = this.#door(room);
    setBounded(this.#doors, [room, door], MAX_ROOMS);
    if (door.entered(holder, new Set(peers.keys()))) this.#publishRules(room, door);
  }

  disconnected(client: Client, holder: RoomHolder): void {
    const identity = identityOf(holder);
    if (this.#waiting.get(identity)?.client === client) this.#waiting.delete(identity);
    const peers = this.#inside.get(holder.room);
    const connections = peers?.get(holder.peer);
    if (!peers || !connections?.delete(client)) return;
    if (connections.size === 0) peers.delete(holder.peer);
    if (peers.size === 0) this.#inside.delete(holder.room);
  }

  /** What the broker passes on of states, orders, knocks and rules. What is malformed has no effect. */
  heard(room: TopicLevel, topic: RoomTopic, word: Word): void {
    try {
      this.#understand(room, topic, word);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** Forgets what has had its time. Ask about once a minute. */
  sweep(nowS: number): void {
    for (const [room, door] of [...this.#doors]) {
      const isEmpty = !this.#inside.has(room) && !this.#options.isOccupied(room);
      if (isEmpty) this.#leftEmpty(room, { door, nowS });
      else this.#emptySince.delete(room);
      if (door.expire(nowS) && isEmpty) this.#doors.delete(room);
    }
    for (const room of this.#emptySince.keys()) if (!this.#doors.has(room)) this.#emptySince.delete(room);
  }

  #leftEmpty(room: TopicLevel, { door, nowS }: { readonly door: RoomDoor; readonly nowS: number }): void {
    const sinceS = this.#emptySince.get(room) ?? nowS;
    this.#emptySince.set(room, sinceS);
    if (nowS - sinceS < FORGET_AFTER_S || !door.forgetRules()) return;
    this.#options.say(new TopicScheme(room).rules, new Uint8Array(0), { retain: true });
    this.#tellWaiting(room, nowS);
  }

  #understand(room: TopicLevel, topic: RoomTopic, { payload, nowS }: Word): void {
    if (topic.kind === "state" && payload.length > 0) {
      // Only who is let in publishes one. Another server did, or this one before it started again.
      setBounded(this.#seen, [`${room}/${topic.peer}`, true], MAX_SEEN);
    } else if (topic.kind === "knock") this.#answer(`${room}/${topic.peer}`, { isEmpty: payload.length === 0, nowS });
    else if (topic.kind === "order") {
      this.#obey(room, parseOrder(payload), { to: topic.peer, nowS });
      this.#tellWaiting(room, nowS);
    } else if (topic.kind === "rules") {
      this.#adopt(room, parseRoomRules(payload));
      this.#tellWaiting(room, nowS);
    }
  }

  #obey(
    room: TopicLevel,
    order: DoorOrder,
    { to, nowS }: { readonly to: PeerId | undefined; readonly nowS: number },
  ): void {
    const door = this.#door(room);
    if (to === undefined) {
      if (door.rule(order)) this.#publishRules(room, door);
      return;
    }
    if (order.admitted) {
      const untilS = this.#waiting.get(`${room}/${to}`)?.holder.expiresAtS ?? nowS + ADMITTED_FOR_S;
      door.admit(to, untilS);
    }
    const inside = new Set(this.#inside.get(room)?.keys());
    if (order.muted && door.mute(to, order.muted, inside)) this.#publishRules(room, door);
  }

  /** Another server may have forgotten the rules of a room that is empty for it only. */
  #adopt(room: TopicLevel, rules: DoorRules): void {
    const door = this.#doors.get(room);
    if (rules.number > 0) this.#door(room).heard(rules);
    else if (door && door.rules.number > 0 && this.#inside.has(room)) this.#publishRules(room, door);
  }

  /** Each server answers those who wait at itself. */
  #answer(identity: string, { isEmpty, nowS }: { readonly isEmpty: boolean; readonly nowS: number }): void {
    const waiting = this.#waiting.get(identity);
    if (!waiting || isEmpty || nowS - waiting.answeredAtS < ANSWER_EVERY_S) return;
    this.#tell(identity, waiting, { standing: this.standing(waiting.holder), nowS });
  }

  /** Tells those at the door of `room` what has changed for them. */
  #tellWaiting(room: TopicLevel, nowS: number): void {
    for (const [identity, waiting] of this.#waiting) {
      if (waiting.holder.room !== room) continue;
      const standing = this.standing(waiting.holder);
      if (standing !== waiting.told) this.#tell(identity, waiting, { standing, nowS });
    }
  }

  #tell(identity: string, waiting: Waiting, { standing, nowS }: { standing: Standing; nowS: number }): void {
    this.#waiting.set(identity, { ...waiting, told: standing, answeredAtS: nowS });
    const { room, peer } = waiting.holder;
    this.#options.say(new TopicScheme(room).standing(peer), encodeStanding(standing), { retain: false });
  }

  #publishRules(room: TopicLevel, door: RoomDoor): void {
    this.#options.say(new TopicScheme(room).rules, encodeRoomRules(door.rules), { retain: true });
  }

  #door(room: TopicLevel): RoomDoor {
    const known = this.#doors.get(room);
    if (known) return known;
    const door = new RoomDoor();
    setBounded(this.#doors, [room, door], MAX_ROOMS);
    return door;
  }
}

function identityOf({ room, peer }: RoomHolder): string {
  return `${room}/${peer}`;
}
