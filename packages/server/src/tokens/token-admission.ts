import type { ConnectedClient, Grant } from "@mqtt-meet/broker";
import { publicTokenKey, type TokenKey, verifyToken } from "./room-token.ts";
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

/** Lets in who shows a token (the user name is the peer), and ends the connection when it has expired. */
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

  /** The rights of the holder; undefined when this is no token that is of use. */
  admit({ clientId, username, password }: ShownToken): Grant | undefined {
    const nowS = this.#nowS();
    const claims = verifyToken(new TextDecoder().decode(password), this.#key, nowS);
    if (!claims || claims.peer !== username) return undefined;
    if (!clientId.startsWith(claims.peer) || !SUFFIX.test(clientId.slice(claims.peer.length))) return undefined;
    this.#sessions.shown(clientId, { expiresAtS: claims.expiresAtS, nowS });
    return tokenGrant(claims, { clientId, nowS: this.#nowS });
  }

  connected(client: ConnectedClient): void {
    this.#sessions.connected(client);
  }

  disconnected(client: ConnectedClient): void {
    this.#sessions.disconnected(client);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
