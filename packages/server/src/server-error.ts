import { CodedError } from "@mqtt-meet/protocol";

/** Why the server could not be started. */
export class ServerError extends CodedError<
  | "port-in-use"
  | "port-forbidden"
  | "address-unavailable"
  | "certificate-failed"
  | "listen-failed"
  | "broker-unavailable"
> {
  override readonly name = "ServerError";
}

/** The error of a listener, ours or the broker's, in our words. */
export function translateListenError(cause: unknown, { host, port }: { host: string; port: number }): ServerError {
  switch (systemCode(cause)) {
    case "EADDRINUSE":
      return new ServerError("port-in-use", `Port ${port} is already in use.`, { cause });
    case "EACCES":
      return new ServerError("port-forbidden", `The system does not let us listen on port ${port}.`, { cause });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new ServerError("address-unavailable", `This machine has no address ${host} to listen on.`, { cause });
    default:
      return new ServerError("listen-failed", `Listening on ${host}, port ${port}, failed.`, { cause });
  }
}

/** Of the error itself, or of what it was translated from. */
function systemCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "syscall" in error && "code" in error ? error.code : systemCode(error.cause);
}
