import { describe, expect, test, vi } from "vitest";
import { FakeServer, UNREACHABLE, type Welcome } from "../testing/fake-server.ts";
import { text, useHarness } from "../testing/harness.ts";
import { ConnectionError } from "./connection-error.ts";
import type { ConnectedInfo } from "./connection-state.ts";

const harness = useHarness();

describe("connecting", () => {
  test("offers MQTT 5 with what it accepts, and is connected at CONNACK", async () => {
    const connection = harness.connect({ username: "me", password: "secret", sessionExpiryS: 10, keepAliveS: 12 });
    expect(connection.state).toEqual({ status: "connecting", attempt: 1 });
    await connection.connected();
    expect(connection.state).toEqual({ status: "connected", level: 5 });
    expect(harness.server.stream.received[0]).toMatchObject({
      level: 5,
      clientId: "me",
      cleanStart: true,
      keepAliveS: 12,
      username: "me",
      password: text("secret"),
      properties: { sessionExpiryS: 10, maximumPacketBytes: 1024 * 1024 },
    });
  });

  test("falls back to 3.1.1 once, whether the server says so or hangs up, and remembers it", async () => {
    const refusals: Welcome[] = [
      () => ({ reasonCode: 0x84 }),
      (_connect, stream) => void stream.hangUp(),
      (_connect, stream) => void stream.onData?.(new Uint8Array([0x20, 2, 0, 1])),
    ];
    for (const refuse of refusals) {
      harness.server = new FakeServer();
      harness.server.welcome = (packet, stream) => (packet.level === 4 ? {} : refuse(packet, stream));
      const connection = harness.connect();
      await connection.connected();
      expect(connection.state).toEqual({ status: "connected", level: 4 });
      expect(harness.server.streams).toHaveLength(2);
      harness.server.stream.hangUp();
      await harness.settled();
      expect(connection.state).toEqual({ status: "connected", level: 4 });
      expect(harness.server.streams).toHaveLength(3);
    }
  });

  test("does not fall back when it cannot connect at all, nor with a level of its own", async () => {
    harness.server.down = UNREACHABLE;
    const connection = harness.connect();
    await harness.settled();
    harness.server.down = undefined;
    await vi.advanceTimersByTimeAsync(400);
    expect(harness.server.stream.received[0]).toMatchObject({ level: 5 });
    expect(connection.state.status).toBe("connected");

    harness.server.welcome = () => ({ reasonCode: 0x84 });
    await expect(harness.connect({ level: 5 }).connected()).rejects.toMatchObject({ code: "unsupported-version" });
  });

  test("a server that hangs up on both versions is asked with 5 again", async () => {
    const levels: number[] = [];
    harness.server.welcome = ({ level }, stream) => {
      levels.push(level);
      stream.hangUp();
      return undefined;
    };
    harness.connect();
    await vi.advanceTimersByTimeAsync(100);
    expect(levels.slice(0, 4)).toEqual([5, 4, 5, 4]);
  });

  test.each([
    [5, 0x86, "bad-credentials"],
    [5, 0x87, "not-authorized"],
    [5, 0x85, "refused"],
    [4, 4, "bad-credentials"],
    [4, 5, "not-authorized"],
  ] as const)("with MQTT %d, the refusal %d ends it as %s", async (level, reasonCode, code) => {
    harness.server.welcome = () => ({ reasonCode });
    const connection = harness.connect({ level, username: "me", password: "secret" });
    const error = await connection.connected().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code, reasonCode });
    expect(String(error)).not.toContain("secret");
    expect(connection.state).toEqual({ status: "closed", error });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(harness.server.streams).toHaveLength(1);
  });

  test("a busy server is asked again", async () => {
    harness.server.welcome = () => ({ reasonCode: 0x89 });
    const connection = harness.connect();
    await harness.settled();
    harness.server.welcome = () => ({});
    await vi.advanceTimersByTimeAsync(1000);
    expect(connection.state.status).toBe("connected");
  });

  test("no CONNACK within ten seconds is a timeout", async () => {
    harness.server.welcome = () => undefined;
    const connection = harness.connect({ reconnect: false });
    const failed = expect(connection.connected()).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    expect(harness.server.stream.closed).toBe(true);
  });

  test("a dial that hangs is a timeout", async () => {
    const connection = harness.connect({
      reconnect: false,
      dial: ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const failed = expect(connection.connected()).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  });

  test("a server that does not speak MQTT is a protocol error", async () => {
    harness.server.welcome = (_connect, stream) => {
      stream.onData?.(text("HTTP/1.1 400 Bad Request\r\n\r\n"));
      return undefined;
    };
    await expect(harness.connect().connected()).rejects.toMatchObject({ code: "protocol" });
  });

  test("waiting for the first CONNACK can be given up", async () => {
    harness.server.welcome = () => undefined;
    const connection = harness.connect();
    const abort = new AbortController();
    const waiting = expect(connection.connected({ signal: abort.signal })).rejects.toThrow("enough");
    abort.abort(new Error("enough"));
    await waiting;
    await expect(connection.connected({ signal: abort.signal })).rejects.toThrow("enough");
  });

  test("takes the client id that the server chooses", async () => {
    harness.server.welcome = () => ({ properties: { assignedClientIdentifier: "chosen" } });
    const seen: ConnectedInfo[] = [];
    await harness.connect({ clientId: "", onConnected: (info) => seen.push(info) }).connected();
    harness.server.stream.hangUp();
    await harness.settled();
    expect(seen.map(({ clientId, first }) => [clientId, first])).toEqual([
      ["chosen", true],
      ["chosen", false],
    ]);
    expect(harness.server.stream.received[0]).toMatchObject({ clientId: "chosen" });
  });
});

describe("closing", () => {
  test("says goodbye, ends the stream and stays closed", async () => {
    const connection = harness.connect();
    await connection.connected();
    await connection.close();
    await connection.close();
    expect(harness.server.stream.received.at(-1)).toMatchObject({ type: "disconnect", reasonCode: 0 });
    expect(harness.server.stream.closed).toBe(true);
    expect(connection.state).toEqual({ status: "closed" });
    expect(connection.send("a", text("x"))).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(harness.server.streams).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("also while it dials, waits, or has no answer yet", async () => {
    const dialing = harness.connect();
    await dialing.close();
    await expect(dialing.connected()).rejects.toMatchObject({ code: "closed" });
    await harness.settled();
    expect(harness.server.streams.every((stream) => stream.closed)).toBe(true);

    harness.server.down = UNREACHABLE;
    const waiting = harness.connect();
    await harness.settled();
    expect(waiting.state.status).toBe("waiting");
    await waiting.close();

    harness.server.down = undefined;
    harness.server.welcome = () => undefined;
    const unanswered = harness.connect();
    await harness.settled();
    await unanswered.close();
    expect(harness.server.stream.received.map(({ type }) => type)).toEqual(["connect"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("does not wait long for a peer that takes nothing any more", async () => {
    const connection = harness.connect();
    await connection.connected();
    harness.server.stream.stuck = true;
    const closed = connection.close();
    await vi.advanceTimersByTimeAsync(900);
    expect(harness.server.stream.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    await closed;
    expect(harness.server.stream.closed).toBe(true);
  });

  test("within onConnected leaves nothing behind", async () => {
    const connection = harness.connect({ onConnected: () => void connection.close() });
    await harness.settled();
    expect(connection.state.status).toBe("closed");
    expect(vi.getTimerCount()).toBe(0);
    expect(harness.server.stream.closed).toBe(true);
  });
});
