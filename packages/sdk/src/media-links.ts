import type { MediaSender } from "@mqtt-meet/media";
import type { PeerId } from "@mqtt-meet/protocol";
import { BacklogWatch } from "./backlog-watch.ts";
import type { OpenLink, RoomLink } from "./room-link.ts";

/**
 * Ten a second, of two bytes: the answers are how a queue in the kernel or the network is seen while pictures go up. A line
 * that gets narrow fills by half a second of pictures before four a second would show it.
 */
const UPLINK_PING_MS = 100;
const DOWNLINK_PING_MS = 1_000;
const KEEP_ALIVE_S = 10;

/** The connections for pictures, one up and one down, each opened when it is first needed. Their sessions are clean. */
export class MediaLinks {
  readonly #open: OpenLink;
  readonly #own: PeerId;
  readonly #onUplink: () => void;
  readonly #onDownlink: () => void;
  readonly #backlog = new BacklogWatch();
  #up: RoomLink | undefined;
  #down: RoomLink | undefined;

  constructor(options: {
    readonly open: OpenLink;
    readonly own: PeerId;
    /** The connection is there, or there again. */
    readonly onUplink: () => void;
    readonly onDownlink: () => void;
  }) {
    this.#open = options.open;
    this.#own = options.own;
    this.#onUplink = options.onUplink;
    this.#onDownlink = options.onDownlink;
  }

  get up(): MediaSender {
    this.#up ??= this.#open({
      clientId: `${this.#own}.B`,
      keepAliveS: KEEP_ALIVE_S,
      pingIntervalMs: UPLINK_PING_MS,
      onConnected: this.#onUplink,
    });
    return this.#up;
  }

  get down(): RoomLink {
    this.#down ??= this.#open({
      clientId: `${this.#own}.C`,
      keepAliveS: KEEP_ALIVE_S,
      pingIntervalMs: DOWNLINK_PING_MS,
      onConnected: () => {
        this.#backlog.restart();
        this.#onDownlink();
      },
    });
    return this.#down;
  }

  /** How long others' pictures wait on their connection, by the newest answer on it. */
  get downlinkQueueMs(): number {
    return this.#backlog.queueMs;
  }

  /** To be called a few times a second: pictures that wait in a broker for too long are thrown away, with the connection. */
  check(nowMs: number): void {
    const down = this.#down;
    if (down !== undefined && this.#backlog.isStale(down.path(), nowMs)) down.renew();
  }

  async close(): Promise<void> {
    await Promise.all([this.#up?.close(), this.#down?.close()]);
  }
}
