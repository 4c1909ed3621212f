import { CodedError } from "./coded-error.ts";

/** What came from outside does not follow the protocol. */
export class ProtocolError extends CodedError<
  "packet-malformed" | "topic-malformed" | "message-malformed" | "message-too-large" | "link-malformed"
> {
  override readonly name = "ProtocolError";
}
