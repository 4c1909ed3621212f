/** What can happen to a connection, for programs. */
export type ConnectionErrorCode =
  /** The address cannot be one of a broker. */
  | "invalid-address"
  /** No such host, no route, nothing listens there. */
  | "unreachable"
  /** The other side does not want this connection, now or ever, for no reason that has a code of its own. */
  | "refused"
  /** The certificate is not trusted, or TLS failed otherwise. */
  | "tls"
  /** The server does not speak the version of MQTT, or hung up on it. */
  | "unsupported-version"
  | "not-authorized"
  | "bad-credentials"
  /** One side broke the rules of MQTT. */
  | "protocol"
  /** No answer to PINGREQ. */
  | "keep-alive"
  | "closed"
  /** Another client connected with the same client id. */
  | "taken-over"
  | "timeout"
  | "packet-too-large"
  /** Too many messages with QoS 1 or 2 wait already. */
  | "full"
  | "server-busy";

/** A connection could not be made, broke, or could not do what it was asked to. Never says a password. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionErrorCode;
  /** The reason code of MQTT, when the server gave one. */
  readonly reasonCode: number | undefined;

  constructor(
    code: ConnectionErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly reasonCode?: number | undefined } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.reasonCode = options.reasonCode;
  }
}
