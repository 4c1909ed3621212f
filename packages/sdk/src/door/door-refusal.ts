import { ConnectionError, ReasonCode } from "@mqtt-meet/mqtt";
import { SdkError } from "../sdk-error.ts";
import { sdkErrorOf } from "../sdk-error-of.ts";

/** The same in MQTT 3.1.1. */
const NOT_AUTHORIZED_3_1_1 = 5;

/** What is known of a stay, or of a wait, that is over. */
export interface LostStay {
  /** In milliseconds since the Unix epoch; undefined: never. */
  readonly expiresAtMs: number | undefined;
  readonly nowMs: number;
}

/** Whether a CONNECT that failed with `error` was refused because its holder may not come in now, but may wait (D1). */
export function isDoorClosed(error: unknown): boolean {
  const cause = error instanceof SdkError ? error.cause : error;
  if (!(cause instanceof ConnectionError) || cause.code !== "not-authorized") return false;
  return cause.reasonCode === ReasonCode.notAuthorized || cause.reasonCode === NOT_AUTHORIZED_3_1_1;
}

/** What the loss of the connection for good means: after the end of the invitation, that. */
export function lossOfStay(error: unknown, { expiresAtMs, nowMs }: LostStay): SdkError {
  const loss = sdkErrorOf(error);
  const isOver = nowMs >= (expiresAtMs ?? Number.POSITIVE_INFINITY);
  if (loss.code !== "not-authorized" || !isOver) return loss;
  return new SdkError("invitation-expired", "The time of your invitation is over.", { cause: error });
}

/** The same of who waits. `wasLetWait`: what we came with was right until now. */
export function lossAtDoor(
  error: unknown,
  { wasLetWait, ...stay }: LostStay & { readonly wasLetWait: boolean },
): SdkError {
  const loss = lossOfStay(error, stay);
  // MQTT 3.1.1 ends a connection without a reason, and another one may be refused before we hear it: then the ticket is dead.
  const isDead = wasLetWait && error instanceof ConnectionError && error.code === "bad-credentials";
  const isTurnedAway = loss.code === "removed" || (isDead && loss.code === "not-authorized");
  return isTurnedAway ? new SdkError("removed", "A host did not let you in.", { cause: error }) : loss;
}
