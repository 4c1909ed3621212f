import type { Authentication, ConnectedClient } from "@mqtt-meet/broker";
import { ReasonCode } from "@mqtt-meet/mqtt";
import { DOOR_SUFFIX, isTopicLevel, TopicScheme, verifyInvitedPeer } from "@mqtt-meet/protocol";
import { doorGrant } from "./door-grant.ts";
import { DoorKeeper, type DoorKeeperOptions, type RoomHolder } from "./door-keeper.ts";
import { publicTokenKey, type RoomTokenClaims, type TokenKey, verifyInvitation, verifyToken } from "./room-token.ts";
import { isTokenCurrent, tokenGrant } from "./token-grant.ts";
import { type ShownTicket, TokenSessions } from "./token-sessions.ts";

const SWEEP_MS = 1_000;
const DOORS_EVERY = 60;
/** Of a participant's further connections, and of who waits at the door. */
const SUFFIX = /^(?:\.[B-OW])?$/;

/** What a CONNECT shows. */
export interface ShownToken {
  readonly clientId: string;
  readonly username: string;
  readonly password: Uint8Array;
}

/** What a {@link TokenAdmission} needs. */
export interface TokenAdmissionOptions extends DoorKeeperOptions {
  readonly key: TokenKey;
  /** Seconds since the Unix epoch. */
  readonly nowS?: () => number;
}

/** Who a token or an invitation names, and what it is known by. */
interface Admitted {
  readonly claims: RoomTokenClaims;
  readonly ticket: string;
}

/** What a connection was let in with, and where. */
interface Entry extends ShownTicket {
  readonly holder: RoomHolder;
  readonly isAtDoor: boolean;
}

/**
 * Lets in who shows a token (the user name is the peer) or an invitation (the user name is the room), to the room or to
 * its door, and ends the connection when that has expired, or when a host removes its holder.
 */
export class TokenAdmission {
  readonly #key: TokenKey;
  readonly #nowS: () => number;
  readonly #sessions = new TokenSessions<Entry>();
  readonly #keeper: DoorKeeper;
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;

  constructor({ key, nowS = () => Date.now() / 1000, ...door }: TokenAdmissionOptions) {
    this.#key = publicTokenKey(key);
    this.#nowS = nowS;
    this.#keeper = new DoorKeeper(door);
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** The rights of the holder, or why it may not come in now; undefined when this is nothing that is of use. */
  async admit({ clientId, username, password: bytes }: ShownToken): Promise<Authentication> {
    const password = new TextDecoder().decode(bytes);
    const shown = { clientId, username, password };
    const admitted = this.#byToken(shown) ?? (await this.#byInvitation(shown));
    if (!admitted || this.#sessions.isRemoved(admitted.ticket)) return undefined;
    const { claims, ticket } = admitted;
    const holder = holderOf(admitted);
    const isAtDoor = clientId.endsWith(DOOR_SUFFIX);
    if (!isAtDoor && this.#keeper.standing(holder) !== "in") return { refusedWith: ReasonCode.notAuthorized };
    const { expiresAtS } = claims;
    const grant = isAtDoor
      ? doorGrant(claims, () => isTokenCurrent(expiresAtS, this.#nowS()))
      : tokenGrant(claims, { clientId, nowS: this.#nowS, isMuted: (kind) => this.#keeper.isMuted(holder, kind) });
    this.#sessions.shown(clientId, { ticket, identity: grant.identity, expiresAtS, holder, isAtDoor }, this.#nowS());
    return grant;
  }

  connected(client: ConnectedClient): void {
    const entry = this.#sessions.connected(client);
    if (entry) this.#keeper.connected(client, entry);
  }

  disconnected(client: ConnectedClient): void {
    const entry = this.#sessions.disconnected(client);
    if (entry) this.#keeper.disconnected(client, entry.holder);
  }

  /** The broker, which has permitted it, passes on what concerns the hosts of token rooms and who waits (A16, D3 to D7). */
  heard(topic: string, payload: Uint8Array): void {
    const [, , room = ""] = topic.split("/");
    if (!isTopicLevel(room)) return;
    const parsed = new TopicScheme(room).parse(topic);
    if (parsed?.kind === "removal") this.#sessions.remove(`${room}/${parsed.peer}`);
    else if (parsed) this.#keeper.heard(room, parsed, { payload, nowS: this.#nowS() });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const nowS = this.#nowS();
    this.#sessions.sweep(nowS);
    this.#ticks++;
    if (this.#ticks % DOORS_EVERY === 0) this.#keeper.sweep(nowS);
  }

  #byToken({ clientId, username, password }: TextShown): Admitted | undefined {
    const claims = verifyToken(password, this.#key, this.#nowS());
    if (!claims || claims.peer !== username) return undefined;
    if (!clientId.startsWith(claims.peer) || !SUFFIX.test(clientId.slice(claims.peer.length))) return undefined;
    return { claims, ticket: `token ${claims.room}/${claims.peer}` };
  }

  async #byInvitation({ clientId, username, password }: TextShown): Promise<Admitted | undefined> {
    const proof = await verifyInvitedPeer({ clientId, password });
    const invitation = proof && verifyInvitation(proof.invitation, this.#key, this.#nowS());
    if (!invitation || invitation.room !== username) return undefined;
    const { id, ...rights } = invitation;
    return { claims: { ...rights, peer: proof.peer }, ticket: `invitation ${id}` };
  }
}

function holderOf({ claims, ticket }: Admitted): RoomHolder {
  const { room, peer, admin, wait, expiresAtS } = claims;
  return { room, peer, ticket, expiresAtS, isAdmin: admin, mustWait: wait };
}

interface TextShown {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}
