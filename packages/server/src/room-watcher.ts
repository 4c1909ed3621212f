import { Connection, ConnectionError, type ConnectionOptions, type ConnectionState } from "@mqtt-meet/mqtt";
import { DepartedPeers, type RoomConnection } from "./departed-peers.ts";
import { type RoomEvent, RoomRoster } from "./room-roster.ts";

/** The states of all rooms. */
export const WATCHER_FILTER = "mm/1/+/+/state";

/** What hosts of token rooms ask of their servers. */
export const REMOVAL_FILTER = "mm/1/+/+/out/+";

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
  /** A host wants somebody out: the topic says whom. Absent: there are no hosts. */
  readonly onRemoval?: ((topic: string) => void) | undefined;
}

/** How many meetings there are, and participants in all of them. */
export interface Presence {
  readonly rooms: number;
  readonly participants: number;
}

/**
 * An ordinary client of the broker that tells who joins and leaves and whom a host removes, and clears what those have
 * retained who went without clearing it. Several servers of one broker hear the same.
 */
export class RoomWatcher {
  readonly #connection: Connection;
  readonly #departed = new DepartedPeers();
  readonly #roster = new RoomRoster();
  readonly #lifetime = new AbortController();

  constructor({ dial, clientId, username, password, onEvent, onState, onRemoval }: RoomWatcherOptions) {
    const { signal } = this.#lifetime;
    this.#connection = new Connection({ dial, clientId, username, password });
    this.#connection.onStateChange = onState;
    this.#watch(onEvent);
    if (onRemoval) {
      const receive = ({ topic }: { topic: string }) => onRemoval(topic);
      this.#connection.subscribe(REMOVAL_FILTER, receive, { qos: 1, signal }).catch(ignoreClosing);
    }
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

  async close(): Promise<void> {
    this.#lifetime.abort();
    await this.#connection.close();
  }

  #watch(onEvent: ((event: RoomEvent) => void) | undefined): void {
    const receive = ({ topic, payload }: { topic: string; payload: Uint8Array }) => {
      const event = this.#roster.observe(topic, payload);
      if (event) onEvent?.(event);
    };
    this.#connection.subscribe(WATCHER_FILTER, receive, { qos: 1, signal: this.#lifetime.signal }).catch(ignoreClosing);
  }

  #sweep(): void {
    for (const topic of this.#departed.take(performance.now())) {
      this.#connection.publish(topic, new Uint8Array(0), { qos: 1, retain: true }).catch(ignoreClosing);
    }
  }
}

/** Whether the watcher may publish: it only clears. */
export function watcherMayPublish(topic: string, message: { retain: boolean; payloadBytes: number }): boolean {
  return message.retain && message.payloadBytes === 0 && /^mm\/1\/[^/]+\/[^/]+\/(?:state|catalog)$/.test(topic);
}

function ignoreClosing(error: unknown): void {
  if (!(error instanceof ConnectionError || (error instanceof Error && error.name === "AbortError"))) throw error;
}
