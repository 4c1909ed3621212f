import { ReasonCode } from "./reason-code.ts";

/**
 * Bytes that are no MQTT packet, or one that is not allowed. The connection cannot go on: what comes after cannot be
 * trusted to begin where a packet begins.
 */
export class MalformedPacketError extends Error {
  override readonly name = "MalformedPacketError";
  /** What an MQTT 5 DISCONNECT or CONNACK says about it, e.g. 0x81 malformed, 0x82 protocol error, 0x95 too large. */
  readonly reasonCode: number;

  constructor(reasonCode: number, message: string) {
    super(message);
    this.reasonCode = reasonCode;
  }
}

/** Bytes that cannot be parsed: 0x81. */
export function malformed(what: string): MalformedPacketError {
  return new MalformedPacketError(ReasonCode.malformedPacket, `Malformed packet: ${what}.`);
}

/** What can be parsed and is not allowed: 0x82. */
export function violation(what: string): MalformedPacketError {
  return new MalformedPacketError(ReasonCode.protocolError, `Protocol error: ${what}.`);
}
