import { Connection, ConnectionError, type ConnectionOptions, type ConnectionState } from "@mqtt-meet/mqtt";
import { DepartedPeers, type RoomConnection } from "./departed-peers.ts";
import { type RoomEvent, RoomRoster } from "./room-roster.ts";

/** The states of all rooms. */
export const WATCHER_FILTER = "mm/1/+/+/state";

/** What hosts of token rooms ask of their servers, who waits at the doors, and what other servers enforce (A16, D3 to D7). */
const DOOR_FILTERS = ["mm/1/+/+/out/+", "mm/1/+/+/order/+", "mm/1/+/+/knock", "mm/1/+/all/server/rules"];

const SWEEP_MS = 5_000;

/** What a {@link RoomWatcher} works with. */
export interface RoomWatcherOptions {
  readonly dial: ConnectionOptions["dial"];
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly onEvent?: ((event: RoomEvent) => void) | undefined;
  /** Whether the broker is there. */
  readonly onState?: ((state: ConnectionState) => void) | undefined;
  /** What is said on {@link watcherMaySubscribe}'s topics. Absent: there are no token rooms, and states are heard alone. */
  readonly onMessage?: ((topic: string, payload: Uint8Array) => void) | undefined;
}

/** How many meetings there are, and participants in all of them. */
export interface Presence {
  readonly rooms: number;
  readonly participants: number;
}

/**
 * An ordinary client of the broker that tells who joins and leaves and what hosts want, speaks for the server, and
 * clears what those have retained who went without clearing it. Several servers of one broker hear the same.
 */
export class RoomWatcher {
  readonly #connection: Connection;
  readonly #departed = new DepartedPeers();
  readonly #roster = new RoomRoster();
  readonly #lifetime = new AbortController();

  constructor({ dial, clientId, username, password, onEvent, onState, onMessage }: RoomWatcherOptions) {
    const { signal } = this.#lifetime;
    this.#connection = new Connection({ dial, clientId, username, password });
    this.#connection.onStateChange = onState;
    this.#watch(onEvent, onMessage);
    const timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  connected(client: RoomConnection): void {
    this.#departed.connected(client);
  }

  disconnected(client: RoomConnection): void {
    this.#departed.disconnected(client, performance.now());
  }

  /** Whether the broker is there. */
  get isConnected(): boolean {
    return this.#connection.state.status === "connected";
  }

  /** How many are in meetings, as far as the broker lets that be seen. */
  get presence(): Presence {
    const { rooms, participants } = this.#roster;
    return { rooms, participants };
  }

  /** Whether somebody is in this room. */
  isOccupied(room: string): boolean {
    return this.#roster.has(room);
  }

  /** Publishes with QoS 1. What cannot be said while the broker is away waits, as far as the connection's bound goes. */
  say(topic: string, payload: Uint8Array, { retain }: { readonly retain: boolean }): void {
    this.#connection.publish(topic, payload, { qos: 1, retain }).catch(ignoreClosing);
  }

  async close(): Promise<void> {
    this.#lifetime.abort();
    await this.#connection.close();
  }

  #watch(onEvent: RoomWatcherOptions["onEvent"], onMessage: RoomWatcherOptions["onMessage"]): void {
    const receive = ({ topic, payload }: { topic: string; payload: Uint8Array }) => {
      const event = this.#roster.observe(topic, payload);
      if (event) onEvent?.(event);
      onMessage?.(topic, payload);
    };
    for (const filter of [WATCHER_FILTER, ...(onMessage ? DOOR_FILTERS : [])]) {
      this.#connection.subscribe(filter, receive, { qos: 1, signal: this.#lifetime.signal }).catch(ignoreClosing);
    }
  }

  #sweep(): void {
    for (const topic of this.#departed.take(performance.now())) {
      this.say(topic, new Uint8Array(0), { retain: true });
    }
  }
}

/** Whether the watcher of the embedded broker may publish: it clears, tells who waits how it stands, and says what is enforced. */
export function watcherMayPublish(topic: string, { retain, payloadBytes }: WatcherMessage): boolean {
  if (/^mm\/1\/[^/]+\/[^/]+\/(?:state|catalog)$/.test(topic)) return retain && payloadBytes === 0;
  return retain ? /^mm\/1\/[^/]+\/all\/server\/rules$/.test(topic) : /^mm\/1\/[^/]+\/[^/]+\/standing$/.test(topic);
}

interface WatcherMessage {
  readonly retain: boolean;
  readonly payloadBytes: number;
}

/** Whether the watcher may subscribe to `filter`. */
export function watcherMaySubscribe(filter: string): boolean {
  return filter === WATCHER_FILTER || DOOR_FILTERS.includes(filter);
}

function ignoreClosing(error: unknown): void {
  if (!(error instanceof ConnectionError || (error instanceof Error && error.name === "AbortError"))) throw error;
}
