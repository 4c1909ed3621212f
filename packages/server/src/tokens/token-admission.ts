import type { ConnectedClient, Grant } from "@mqtt-meet/broker";
import { isTopicLevel, TopicScheme, verifyInvitedPeer } from "@mqtt-meet/protocol";
import { publicTokenKey, type RoomTokenClaims, type TokenKey, verifyInvitation, verifyToken } from "./room-token.ts";
import { tokenGrant } from "./token-grant.ts";
import { TokenSessions } from "./token-sessions.ts";

const SWEEP_MS = 1_000;
/** Of a participant's further connections. */
const SUFFIX = /^(?:\.[B-H])?$/;

/** What a CONNECT shows. */
export interface ShownToken {
  readonly clientId: string;
  readonly username: string;
  readonly password: Uint8Array;
}

/** Who a token or an invitation lets in, and what it is known by. */
interface Admitted {
  readonly claims: RoomTokenClaims;
  readonly ticket: string;
}

/**
 * Lets in who shows a token (the user name is the peer) or an invitation (the user name is the room), and ends the
 * connection when that has expired, or when a host removes its holder.
 */
export class TokenAdmission {
  readonly #key: TokenKey;
  readonly #nowS: () => number;
  readonly #sessions = new TokenSessions();
  readonly #timer: NodeJS.Timeout;

  /** `nowS`: seconds since the Unix epoch. */
  constructor(key: TokenKey, nowS: () => number = () => Date.now() / 1000) {
    this.#key = publicTokenKey(key);
    this.#nowS = nowS;
    this.#timer = setInterval(() => this.#sessions.sweep(this.#nowS()), SWEEP_MS).unref();
  }

  /** The rights of the holder; undefined when this is nothing that is of use. */
  async admit({ clientId, username, password: bytes }: ShownToken): Promise<Grant | undefined> {
    const password = new TextDecoder().decode(bytes);
    const shown = { clientId, username, password };
    const admitted = this.#byToken(shown) ?? (await this.#byInvitation(shown));
    if (!admitted || this.#sessions.isRemoved(admitted.ticket)) return undefined;
    const { claims, ticket } = admitted;
    const grant = tokenGrant(claims, { clientId, nowS: this.#nowS });
    this.#sessions.shown(clientId, { ticket, identity: grant.identity, expiresAtS: claims.expiresAtS }, this.#nowS());
    return grant;
  }

  connected(client: ConnectedClient): void {
    this.#sessions.connected(client);
  }

  disconnected(client: ConnectedClient): void {
    this.#sessions.disconnected(client);
  }

  /** A host has published on the topic of a removal, which the broker has permitted (A16). */
  removalAsked(topic: string): void {
    const [, , room = ""] = topic.split("/");
    if (!isTopicLevel(room)) return;
    const parsed = new TopicScheme(room).parse(topic);
    if (parsed?.kind === "removal") this.#sessions.remove(`${room}/${parsed.peer}`);
  }

  close(): void {
    clearInterval(this.#timer);
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

interface TextShown {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}
