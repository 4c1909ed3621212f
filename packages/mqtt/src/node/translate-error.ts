import { ConnectionError } from "../connection/connection-error.ts";

/** What Node says when a name or an address leads nowhere, in words. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: "its host name cannot be found",
  EAI_AGAIN: "its host name cannot be looked up right now",
  ECONNREFUSED: "nothing listens there",
  EHOSTUNREACH: "there is no route to this host",
  ENETUNREACH: "there is no route to this network",
  ENETDOWN: "the network is down",
  EADDRNOTAVAIL: "the address is not available",
  ETIMEDOUT: "it does not answer",
};

/** What Node's TLS says about certificates, in words. */
const TLS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed and not trusted here",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from an authority that is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from an authority that is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from an authority that is not trusted here",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
};

/** One clear sentence about what Node's sockets report. `peer` names the other side, without credentials. */
export function translateError(error: Error, peer: string): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const code = codeOf(error);
  const unreachable = UNREACHABLE[code];
  if (unreachable !== undefined) {
    return new ConnectionError("unreachable", `${peer} cannot be reached: ${unreachable}.`, { cause: error });
  }
  const tls = TLS[code] ?? (/^(EPROTO|ERR_SSL|ERR_TLS|CERT_)/.test(code) ? "the TLS handshake failed" : undefined);
  if (tls !== undefined)
    return new ConnectionError("tls", `No secure connection to ${peer}: ${tls}.`, { cause: error });
  return new ConnectionError("closed", `The connection to ${peer} broke (${code || error.message}).`, { cause: error });
}

/** Node tries several addresses of one name and then reports all failures in one; the first tells enough. */
function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return "";
}
