import type { BrokerLimits } from "@mqtt-meet/broker";
import type { Terms } from "@mqtt-meet/broker/parts";
import type { ConnectPacket, ProtocolLevel } from "@mqtt-meet/mqtt";
import type { BrokerAccount } from "./gateway-core.ts";

const MAX_EXPIRY_S = 0xffff_ffff;

/** Brokers that take anybody may still want a user name and a password that is not empty. */
export const NO_PASSWORD = "none";

/**
 * The CONNECT that a client's becomes: its id, will and keep alive, so that takeover and wills go on to work, and the
 * account of the gateway instead of what the client proved. Without an account the user name stays, which is the room:
 * some brokers base rights on it. Sessions of 3.1.1 are clean: there they would have no end.
 */
export function upstreamConnect(
  packet: ConnectPacket,
  options: {
    readonly clientId: string;
    readonly terms: Terms;
    readonly limits: BrokerLimits;
    readonly account: BrokerAccount;
    readonly level: ProtocolLevel;
  },
): ConnectPacket {
  const { clientId, terms, limits, account, level } = options;
  const { keepAliveS, sessionExpiryS, window } = terms;
  const isAnonymous = account.username === undefined;
  const password = isAnonymous ? NO_PASSWORD : account.password;
  const properties = {
    sessionExpiryS: sessionExpiryS > 0 ? Math.min(sessionExpiryS, MAX_EXPIRY_S) : undefined,
    receiveMaximum: window,
    maximumPacketBytes: limits.maxPacketBytes,
  };
  return {
    ...{ type: "connect", level, clientId, keepAliveS },
    cleanStart: level === 5 ? packet.cleanStart : true,
    will: packet.will,
    username: isAnonymous ? (packet.username ?? clientId) : account.username,
    password: password === undefined ? undefined : new TextEncoder().encode(password),
    properties: level === 5 ? properties : undefined,
  };
}
