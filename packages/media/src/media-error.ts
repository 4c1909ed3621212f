import { CodedError } from "@mqtt-meet/protocol";

/** What devices, codecs and files can refuse. */
export class MediaError extends CodedError<
  | "permission-denied"
  | "device-missing"
  | "device-busy"
  | "source-unreadable"
  | "backend-missing"
  | "codec-unsupported"
  | "encoder-failed"
  | "decoder-failed"
> {
  override readonly name = "MediaError";
}
