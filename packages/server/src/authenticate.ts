import { timingSafeEqual } from "node:crypto";
import { type Authenticate, authenticateLocal, type Grant } from "@mqtt-meet/broker";
import { grantIn } from "@mqtt-meet/broker/parts";
import { verifyOpenRoomProof, verifyRoomProof } from "@mqtt-meet/protocol";
import { type PlainAccount, plainGrant } from "./plain-access.ts";
import { roomGrant } from "./room-grant.ts";
import { watcherMayPublish, watcherMaySubscribe } from "./room-watcher.ts";
import type { TokenAdmission } from "./tokens/token-admission.ts";

/** The name under which the server watches its own broker. */
export const WATCHER_NAME = "mqtt-meet-server";

/** What besides links opens rooms. */
export interface AuthenticatorOptions {
  /** The password of the server itself. */
  readonly watcherPassword: Uint8Array;
  /** Absent: there are no token rooms. */
  readonly tokens?: TokenAdmission | undefined;
  /** Whether there are rooms without encryption, which who knows their names may enter. */
  readonly openRooms?: boolean | undefined;
  /** Opens the topics outside of meetings. Absent: nobody gets in without encryption from other machines. */
  readonly plainAccount?: PlainAccount | undefined;
}

/**
 * Decides who may connect: who proves a room and a peer, by the secret of a link or by a token, gets the rights of that
 * peer; who shows no credentials and is on the same machine gets the plain topics, and so does who shows the account for them;
 * who comes in clear from another machine gets nothing else; the server itself watches. Nobody else gets in.
 */
export function authenticator(options: AuthenticatorOptions): Authenticate {
  const { watcherPassword, tokens, openRooms = false, plainAccount } = options;
  return async (request) => {
    const { username, password } = request;
    if (request.info.inClear) return plainGrant(request, plainAccount);
    if (username === undefined || password === undefined) return authenticateLocal(request);
    const credentials = { clientId: request.clientId, username, password };
    if (username === WATCHER_NAME) return proveWatcher(credentials, watcherPassword);
    const answer =
      plainGrant(request, plainAccount) ??
      (await tokens?.admit(credentials)) ??
      (await proveRoom(credentials, openRooms));
    // Rates guard against others; tools and load generators of this machine work as with any broker (docs/protocol.md, A9).
    const grant = grantIn(answer);
    return grant && request.info.local ? { ...grant, rates: "unlimited" } : answer;
  };
}

interface Credentials {
  readonly clientId: string;
  readonly username: string;
  readonly password: Uint8Array;
}

async function proveRoom({ password, ...rest }: Credentials, openRooms: boolean): Promise<Grant | undefined> {
  const credentials = { ...rest, password: new TextDecoder().decode(password) };
  const proof =
    (await verifyRoomProof(credentials)) ?? (openRooms ? await verifyOpenRoomProof(credentials) : undefined);
  return proof && roomGrant({ ...proof, clientId: rest.clientId });
}

function proveWatcher({ password }: Credentials, expected: Uint8Array): Grant | undefined {
  if (password.length !== expected.length || !timingSafeEqual(password, expected)) return undefined;
  return {
    identity: WATCHER_NAME,
    maxQos: 1,
    rates: "unlimited",
    mayPublish: watcherMayPublish,
    maySubscribe: watcherMaySubscribe,
  };
}
