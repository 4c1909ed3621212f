import { CodedError } from "@mqtt-meet/protocol";

/** Why a room could not be joined, was lost, or could not do something. */
export type SdkErrorCode =
  | "link-malformed"
  /** The link wants a passphrase and there is none, or it can be guessed. */
  | "passphrase-missing"
  | "passphrase-weak"
  /** Nothing answers at the address of the link. */
  | "server-unreachable"
  /** Something answers there that is not mqtt-meet. */
  | "server-unknown"
  | "certificate-untrusted"
  | "not-authorized"
  /** The time of the invitation is over. */
  | "invitation-expired"
  /** A host has ended our stay, or did not let us in. */
  | "removed"
  /** A host of a token room does not let us send this. */
  | "muted-by-host"
  /** The host has ended the meeting for everybody. */
  | "ended"
  | "taken-over"
  | "protocol"
  /** The browser or machine cannot do it. */
  | "unsupported"
  /** The room was left or lost. */
  | "room-closed"
  /** As many tracks as a catalog holds are published already. */
  | "too-many-tracks"
  | "message-too-long"
  /** It was closed, or is not known here. */
  | "poll-closed"
  | "file-too-large"
  /** Its sender no longer has it, or has left; or it cannot be read any more. */
  | "file-gone"
  /** What came is not what was offered. */
  | "file-damaged"
  /** So many are being fetched already. */
  | "too-many-files"
  | "worker-failed";

/** What joining and using a room can run into. The message is one sentence for people. */
export class SdkError extends CodedError<SdkErrorCode> {
  override readonly name = "SdkError";
}
