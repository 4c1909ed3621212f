import { afterEach, beforeEach, vi } from "vitest";
import { Connection } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/connection-state.ts";
import { FakeServer } from "./fake-server.ts";

/** The bytes of a text. */
export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Connections to a fake server on faked time, closed after each test. */
export interface Harness {
  server: FakeServer;
  connect(options?: Partial<ConnectionOptions>): Connection;
  /** Everything has happened that needs no time. */
  settled(): Promise<void>;
}

/** Gives every test of the file a new server. */
export function useHarness(): Harness {
  const open: Connection[] = [];
  const harness: Harness = {
    server: new FakeServer(),
    connect: (options = {}) => {
      const connection = new Connection({ dial: harness.server.dial, clientId: "me", random: () => 0, ...options });
      open.push(connection);
      return connection;
    },
    settled: async () => {
      await vi.advanceTimersByTimeAsync(0);
    },
  };
  beforeEach(() => {
    vi.useFakeTimers();
    harness.server = new FakeServer();
  });
  afterEach(() => {
    for (const connection of open.splice(0)) void connection.close();
    vi.useRealTimers();
  });
  return harness;
}

/** For publishes and subscriptions whose outcome a test does not look at. */
export function quiet(connection: Connection): Pick<Connection, "publish" | "subscribe"> {
  return {
    publish: (...all) => connection.publish(...all).catch(() => undefined),
    subscribe: (...all) => connection.subscribe(...all).catch(() => undefined),
  };
}
