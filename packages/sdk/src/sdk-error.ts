import { CodedError } from "@mqtt-meet/protocol";

/** Why a room could not be joined, or was lost. */
export type SdkErrorCode =
  | "link-malformed"
  | "server-unreachable"
  | "server-unknown"
  | "certificate-untrusted"
  | "not-authorized"
  | "taken-over"
  | "protocol"
  | "unsupported"
  | "room-closed"
  | "room-full"
  | "track-missing"
  | "message-too-long"
  | "worker-failed";

/** What joining and using a room can run into. The message is one sentence for people. */
export class SdkError extends CodedError<SdkErrorCode> {
  override readonly name = "SdkError";
}
