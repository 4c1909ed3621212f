import type { Connection, ConnectionOptions } from "@mqtt-meet/mqtt";

/** What a room needs of a connection to its broker; mqtt's `Connection` is one. */
export type RoomLink = Pick<
  Connection,
  | "state"
  | "onStateChange"
  | "connected"
  | "subscribe"
  | "send"
  | "publish"
  | "congested"
  | "oldestAgeMs"
  | "roundTripMs"
  | "path"
  | "renew"
  | "retryNow"
  | "close"
>;

/** What the room decides about a connection; address and credentials are the opener's. */
export type RoomLinkOptions = Pick<
  ConnectionOptions,
  "clientId" | "will" | "onConnected" | "cleanStart" | "sessionExpiryS" | "keepAliveS" | "pingIntervalMs"
>;

/** Opens a connection to the room's broker; it connects, and connects again, by itself. */
export type OpenLink = (options: RoomLinkOptions) => RoomLink;
