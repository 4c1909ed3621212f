import type { RoomLinkOptions } from "./room-link.ts";

/** Sessions outlive short losses, so that the will does not fire; longer than the will's delay. */
const SESSION_EXPIRY_S = 10;
const KEEP_ALIVE_S = 10;
const PING_MS = 1_000;

/** How a participant connects to its room for the first time, and again after a loss. */
export function roomLinkOptions(options: Pick<RoomLinkOptions, "clientId" | "will" | "onConnected">): RoomLinkOptions {
  return {
    ...options,
    cleanStart: true,
    sessionExpiryS: SESSION_EXPIRY_S,
    keepAliveS: KEEP_ALIVE_S,
    pingIntervalMs: PING_MS,
  };
}
