export type { BrokerChoice } from "./broker-choice.ts";
export type { CertificateFiles } from "./certificate-files.ts";
export { createMeetingServer, type MeetingServer, type MeetingServerOptions } from "./create-meeting-server.ts";
export type { Log, LogEntry, LogFields, LogLevel } from "./log/log-entry.ts";
export type { PlainAccount } from "./plain-access.ts";
export type { RoomEvent } from "./room-roster.ts";
export { ServerError } from "./server-error.ts";
export { isLoopbackHost } from "./site-address.ts";
export {
  type RoomTokenClaims,
  readTokenKey,
  signToken,
  type TokenAlgorithm,
  type TokenKey,
} from "./tokens/room-token.ts";
export { invitationPayload, tokenPayload } from "./tokens/token-payload.ts";
