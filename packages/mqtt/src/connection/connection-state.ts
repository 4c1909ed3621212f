import type { ProtocolLevel, Will } from "../codec/packet.ts";
import type { ConnackProperties } from "../codec/properties.ts";
import type { Dial } from "./byte-stream.ts";
import type { ConnectionError } from "./connection-error.ts";
import type { Delivered } from "./delivery.ts";

/** What a `Connection` is doing. Times are on the clock it was given. */
export type ConnectionState =
  | { readonly status: "connecting"; readonly attempt: number }
  | { readonly status: "connected"; readonly level: ProtocolLevel }
  | { readonly status: "waiting"; readonly retryAtMs: number; readonly error: ConnectionError }
  | { readonly status: "closed"; readonly error?: ConnectionError | undefined };

/** What the server said when it let us in. */
export interface ConnectedInfo {
  readonly level: ProtocolLevel;
  /** The server remembers this client's subscriptions and messages. */
  readonly sessionPresent: boolean;
  /** False after a reconnect. */
  readonly first: boolean;
  /** The server's choice when none was given. */
  readonly clientId: string;
  readonly properties: ConnackProperties | undefined;
}

/** What PINGREQ tells of the way to the server, on one connection; all of it begins anew after a reconnect. */
export interface PathState {
  /** Of the newest PINGREQ that was answered. */
  readonly roundTripMs: number;
  /** The least of the last 30 seconds: the way without queues. */
  readonly minRoundTripMs: number;
  /** How long the oldest PINGREQ without an answer has been waited for; 0 when there is none. */
  readonly waitedMs: number;
  /** Given to the stream since the connection began. */
  readonly sentBytes: number;
  /** What the server is known to have, and since when. */
  readonly delivered: Delivered;
}

/** How to connect. */
export interface ConnectionOptions {
  /**
   * Several are addresses of one server, for example the nodes of a cluster: after a failure or a loss the next one has
   * its turn. The first is dialled first.
   */
  readonly dial: Dial | readonly [Dial, ...Dial[]];
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** 15 when absent. The server may decide otherwise. */
  readonly keepAliveS?: number | undefined;
  /** Asked at each CONNECT, which waits for it. A promise must not reject: its stream would be lost. */
  readonly will?: (() => Will | undefined | Promise<Will | undefined>) | undefined;
  /** Called after each CONNACK. What it publishes goes out before everything that waits. */
  readonly onConnected?: ((info: ConnectedInfo) => void) | undefined;
  /** True when absent: the first CONNECT ends an earlier session of this client id. */
  readonly cleanStart?: boolean | undefined;
  /**
   * How long the server keeps the session after a loss, 0 when absent. When it is more, a reconnect resumes the session;
   * MQTT 3.1.1 knows no such time, and there only `cleanStart: false` makes sessions, which then never expire.
   */
  readonly sessionExpiryS?: number | undefined;
  /** True when absent. */
  readonly reconnect?: boolean | undefined;
  /** When absent: 5, and 4 with a server that does not know 5. */
  readonly level?: ProtocolLevel | undefined;
  /** How often the round trip is measured; 5,000 when absent. */
  readonly pingIntervalMs?: number | undefined;
  /** The largest packet that is accepted, 1 MiB when absent. */
  readonly maxPacketBytes?: number | undefined;
  /** For tests. */
  readonly random?: (() => number) | undefined;
  /** The clock of everything here; `performance.now` when absent. */
  readonly now?: (() => number) | undefined;
}
