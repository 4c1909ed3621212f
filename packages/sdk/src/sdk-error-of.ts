import { ConnectionError, type ConnectionErrorCode, ReasonCode } from "@mqtt-meet/mqtt";
import { SdkError, type SdkErrorCode } from "./sdk-error.ts";

const CODES: Partial<Record<ConnectionErrorCode, SdkErrorCode>> = {
  "not-authorized": "not-authorized",
  "bad-credentials": "not-authorized",
  "taken-over": "taken-over",
  tls: "certificate-untrusted",
  protocol: "protocol",
  "unsupported-version": "protocol",
  "packet-too-large": "protocol",
};

/** What a failure of the connection means to applications. */
export function sdkErrorOf(error: unknown): SdkError {
  if (error instanceof SdkError) return error;
  if (!(error instanceof ConnectionError)) {
    return new SdkError("room-closed", "The room was lost.", { cause: error });
  }
  // In the DISCONNECT of MQTT 5 that ends the stay of who was removed (A16).
  if (error.reasonCode === ReasonCode.administrativeAction) {
    return new SdkError("removed", "A host has removed you from this meeting.", { cause: error });
  }
  // Refused by the broker, which has a reason; or by what stands before it, which knows nothing of rooms.
  const refused = error.code === "refused" && error.reasonCode !== undefined;
  const code = refused ? "not-authorized" : (CODES[error.code] ?? "server-unreachable");
  const sentence = code === "not-authorized" ? "The server does not let you into this room." : error.message;
  return new SdkError(code, sentence, { cause: error });
}
