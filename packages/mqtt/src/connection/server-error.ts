import { ReasonCode, reasonCodeText } from "../codec/reason-code.ts";
import { ConnectionError, type ConnectionErrorCode } from "./connection-error.ts";

/** MQTT 3.1.1 refuses with numbers of its own. */
const RETURN_CODES: Readonly<Record<number, number>> = {
  1: ReasonCode.unsupportedProtocolVersion,
  2: ReasonCode.clientIdentifierNotValid,
  3: ReasonCode.serverUnavailable,
  4: ReasonCode.badUserNameOrPassword,
  5: ReasonCode.notAuthorized,
};

const CODES: ReadonlyMap<number, ConnectionErrorCode> = new Map<number, ConnectionErrorCode>([
  [ReasonCode.malformedPacket, "protocol"],
  [ReasonCode.protocolError, "protocol"],
  [ReasonCode.unsupportedProtocolVersion, "unsupported-version"],
  [ReasonCode.clientIdentifierNotValid, "refused"],
  [ReasonCode.badUserNameOrPassword, "bad-credentials"],
  [ReasonCode.notAuthorized, "not-authorized"],
  [ReasonCode.serverUnavailable, "server-busy"],
  [ReasonCode.serverBusy, "server-busy"],
  [ReasonCode.banned, "not-authorized"],
  [ReasonCode.serverShuttingDown, "closed"],
  [ReasonCode.badAuthenticationMethod, "bad-credentials"],
  [ReasonCode.keepAliveTimeout, "keep-alive"],
  [ReasonCode.sessionTakenOver, "taken-over"],
  // Somebody has decided it: coming back by oneself would be of no use.
  [ReasonCode.administrativeAction, "not-authorized"],
  [ReasonCode.receiveMaximumExceeded, "protocol"],
  [ReasonCode.topicAliasInvalid, "protocol"],
  [ReasonCode.packetTooLarge, "packet-too-large"],
  [ReasonCode.messageRateTooHigh, "server-busy"],
  [ReasonCode.quotaExceeded, "server-busy"],
  [ReasonCode.connectionRateExceeded, "server-busy"],
]);

/** What a client asked for and a server may refuse with a reason code. */
export type Refused = "connection" | "subscription" | "message";

interface Answer {
  readonly reasonCode: number;
  readonly properties?: { readonly reasonString?: string | undefined } | undefined;
}

/** The error behind the reason code of a CONNACK, SUBACK, PUBACK or PUBREC. */
export function refusalError(what: Refused, answer: Answer): ConnectionError {
  const { reasonCode } = answer;
  const code = what === "connection" ? (RETURN_CODES[reasonCode] ?? reasonCode) : reasonCode;
  return serverError("refused", `The server refused the ${what}: `, { ...answer, code });
}

/** The error behind a DISCONNECT of the server. */
export function disconnectError(answer: Answer): ConnectionError {
  return serverError("closed", "The server ended the connection: ", { ...answer, code: answer.reasonCode });
}

function serverError(
  otherwise: ConnectionErrorCode,
  what: string,
  { code, reasonCode, properties }: Answer & { readonly code: number },
): ConnectionError {
  const details = properties?.reasonString ? ` (${properties.reasonString})` : "";
  return new ConnectionError(CODES.get(code) ?? otherwise, `${what}${reasonCodeText(code)}${details}.`, { reasonCode });
}
