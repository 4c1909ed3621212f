import type { Connection } from "@mqtt-meet/mqtt";
import {
  type DoorOrder,
  type DoorRules,
  encodeOrder,
  NO_RULES,
  newPeer,
  type Peer,
  parseRoomRules,
  parseStanding,
  type RoomRights,
  type Standing,
  type TopicLevel,
  TopicScheme,
} from "@mqtt-meet/protocol";
import type { MeetingServer } from "../create-meeting-server.ts";
import type { TokenRig } from "./token-rig.ts";

/** Somebody with a connection of its own. */
export interface Present {
  readonly who: Peer;
  readonly connection: Connection;
}

/** Somebody at the door, and what it heard there. */
export interface AtDoor {
  readonly connection: Connection;
  readonly heard: readonly Standing[];
}

/** A knock as others see it: nothing that a server could read. */
export const SEALED_NAME: Uint8Array = new Uint8Array(300).fill(7);

const qos1 = () => ({ qos: 1, signal: new AbortController().signal }) as const;

/** People in a token room and at its door. */
export class DoorGuests {
  readonly #rig: TokenRig;
  readonly #topics: TopicScheme;

  constructor(rig: TokenRig, room: TopicLevel) {
    this.#rig = rig;
    this.#topics = new TopicScheme(room);
  }

  /** Somebody comes in with an invitation of its own. */
  async enter(server: MeetingServer, changes: Partial<RoomRights> = {}): Promise<Present> {
    const who = await newPeer();
    const connection = this.#rig.connect(server, this.#rig.asGuest(who, this.#rig.invite(changes)));
    await connection.connected();
    return { who, connection };
  }

  host(server: MeetingServer): Promise<Present> {
    return this.enter(server, { admin: true });
  }

  /** Returns what the room's rules are now, as somebody inside hears them. */
  async watchRules(server: MeetingServer): Promise<() => DoorRules> {
    const { connection } = await this.enter(server, { admin: true, publish: ["c"] });
    let rules = NO_RULES;
    const hear = ({ payload }: { readonly payload: Uint8Array }) => {
      rules = parseRoomRules(payload);
    };
    await connection.subscribe(this.#topics.rules, hear, qos1());
    return () => rules;
  }

  order({ who, connection }: Present, to: Peer | undefined, what: DoorOrder): Promise<void> {
    return connection.publish(this.#topics.order(to?.peer, who.peer), encodeOrder(what), { qos: 1 });
  }

  /** `who` goes to the door and knocks once. */
  async wait(server: MeetingServer, who: Peer, invitation: string): Promise<AtDoor> {
    const connection = this.#rig.connect(server, this.#rig.atDoor(who, invitation));
    const heard: Standing[] = [];
    const hear = ({ payload }: { readonly payload: Uint8Array }) => heard.push(parseStanding(payload));
    await connection.subscribe(this.#topics.standing(who.peer), hear, qos1());
    await connection.publish(this.#topics.knock(who.peer), SEALED_NAME, { qos: 1 });
    return { connection, heard };
  }
}
