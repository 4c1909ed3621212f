import { createHash, timingSafeEqual } from "node:crypto";
import { type AuthenticationRequest, type Grant, LOCAL_GRANT, PLAIN_RATES } from "@mqtt-meet/broker";

/** The account for the topics outside of meetings: of devices that cannot do TLS, and of who watches their cameras. */
export interface PlainAccount {
  readonly username: string;
  readonly password: string;
}

/**
 * What the account opens: ordinary MQTT outside `mm/` and `$`. It is all that a connection without encryption is asked for: the
 * credentials of a room would be heard by others.
 */
export function plainGrant(
  { username, password }: Pick<AuthenticationRequest, "username" | "password">,
  account: PlainAccount | undefined,
): Grant | undefined {
  if (!account || username === undefined || password === undefined) return undefined;
  const isRight = [equal(username, account.username), equal(password, account.password)].every(Boolean);
  return isRight ? { ...LOCAL_GRANT, identity: "plain", rates: PLAIN_RATES } : undefined;
}

/** Takes as long whatever the difference is. */
function equal(one: string | Uint8Array, other: string): boolean {
  const digest = (value: string | Uint8Array) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
}
