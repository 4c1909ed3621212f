import { describe, expect, test, vi } from "vitest";
import { FakeServer, UNREACHABLE } from "../testing/fake-server.ts";
import { text, useHarness } from "../testing/harness.ts";
import type { ConnectionState } from "./connection-state.ts";

const harness = useHarness();

describe("reconnecting", () => {
  test("waits 0, 0.3, 1.2, 2.7, 4.8, 7, 7 s and up to a second more", async () => {
    harness.server.down = UNREACHABLE;
    const states: ConnectionState[] = [];
    const connection = harness.connect({ random: () => 0.5 });
    connection.onStateChange = (state) => states.push(state);
    await vi.advanceTimersByTimeAsync(40_000);
    const waits = states.filter((state) => state.status === "waiting").map((state) => state.retryAtMs);
    const starts = states.flatMap((state) => (state.status === "connecting" ? [state.attempt] : []));
    const delays = waits.slice(1).map((at, index) => Math.round(at - (waits[index] as number)));
    expect(delays.slice(0, 6)).toEqual([800, 1700, 3200, 5300, 7500, 7500]);
    expect(starts.slice(0, 3)).toEqual([2, 3, 4]);
  });

  test("begins anew after ten good seconds, and not before", async () => {
    const connection = harness.connect();
    const waits: number[] = [];
    connection.onStateChange = (state) => {
      if (state.status === "waiting") waits.push(Math.round(state.retryAtMs - performance.now()));
    };
    await connection.connected();
    harness.server.stream.hangUp();
    await vi.advanceTimersByTimeAsync(10);
    harness.server.stream.hangUp();
    await vi.advanceTimersByTimeAsync(300 + 10_000);
    harness.server.stream.hangUp();
    expect(waits).toEqual([0, 300, 0]);
  });

  test("resumes its session when it has one, and only with MQTT 5", async () => {
    for (const [level, cleanStart] of [
      [5, false],
      [4, true],
    ] as const) {
      harness.server = new FakeServer();
      await harness.connect({ sessionExpiryS: 10, level }).connected();
      expect(harness.server.stream.received[0]).toMatchObject({ cleanStart: true });
      harness.server.stream.hangUp();
      await harness.settled();
      expect(harness.server.stream.received[0]).toMatchObject({ cleanStart });
    }
  });

  test("renews itself: a goodbye, and then a new session with all subscriptions and what was not acknowledged", async () => {
    const connection = harness.connect({ sessionExpiryS: 10, level: 5 });
    connection.renew(); // there is none yet
    await connection.connected();
    const signal = new AbortController().signal;
    void connection.subscribe("a/+", () => undefined, { signal }).catch(() => undefined);
    await harness.settled();
    const first = harness.server.stream;
    connection.renew();
    await harness.settled();
    expect(first.received.at(-1)).toMatchObject({ type: "disconnect", reasonCode: 0 });
    expect(harness.server.streams).toHaveLength(2);
    expect(harness.server.stream.received[0]).toMatchObject({ type: "connect", cleanStart: true });
    expect(harness.server.stream.received).toContainEqual(
      expect.objectContaining({ type: "subscribe", subscriptions: [expect.objectContaining({ filter: "a/+" })] }),
    );
    await vi.advanceTimersByTimeAsync(10_000);
    harness.server.stream.hangUp();
    await harness.settled();
    expect(harness.server.stream.received[0]).toMatchObject({ cleanStart: false });
  });

  test("does not wait any longer when it is told to try now, and dials once", async () => {
    harness.server.down = UNREACHABLE;
    const dialled: number[] = [];
    const dial = harness.server.dial;
    const connection = harness.connect({
      dial: (options) => {
        dialled.push(Math.round(performance.now()));
        return dial(options);
      },
      random: () => 1,
    });
    connection.retryNow(); // it dials already
    await vi.advanceTimersByTimeAsync(5_000);
    expect(connection.state).toMatchObject({ status: "waiting" });
    const before = dialled.length;
    connection.retryNow();
    connection.retryNow();
    expect(connection.state).toMatchObject({ status: "connecting" });
    await harness.settled();
    expect(dialled).toHaveLength(before + 1);
    // The wait that was cut short does not end a second time.
    expect(connection.state).toMatchObject({ status: "waiting" });
    const { retryAtMs } = connection.state as Extract<ConnectionState, { status: "waiting" }>;
    await vi.advanceTimersByTimeAsync(retryAtMs - performance.now() - 1);
    expect(dialled).toHaveLength(before + 1);
    harness.server.down = undefined;
    connection.retryNow();
    await connection.connected();
    expect(harness.server.streams).toHaveLength(1);
    connection.retryNow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(harness.server.streams).toHaveLength(1);
    await connection.close();
    connection.retryNow();
    await harness.settled();
    expect(connection.state).toMatchObject({ status: "closed" });
    expect(harness.server.streams).toHaveLength(1);
  });

  test("asks for the will at each CONNECT", async () => {
    let number = 0;
    const will = () => ({ topic: "gone", payload: text(`${++number}`), qos: 1 as const, retain: true });
    await harness.connect({ will }).connected();
    harness.server.stream.hangUp();
    await harness.settled();
    const wills = harness.server.streams
      .map((stream) => stream.received[0])
      .map((packet) => packet?.type === "connect" && packet.will);
    expect(wills).toMatchObject([{ payload: text("1") }, { payload: text("2") }]);
  });

  test.each([
    [0x8e, "taken-over"],
    [0x87, "not-authorized"],
  ])("the server's DISCONNECT %d is final: %s", async (reasonCode, code) => {
    const connection = harness.connect();
    await connection.connected();
    harness.server.stream.reply({ type: "disconnect", reasonCode });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection.state).toMatchObject({ status: "closed", error: { code, reasonCode } });
    expect(harness.server.streams).toHaveLength(1);
  });

  test("any other DISCONNECT of the server is not", async () => {
    const connection = harness.connect();
    await connection.connected();
    harness.server.stream.reply({ type: "disconnect", reasonCode: 0x8b });
    expect(connection.state).toMatchObject({ status: "waiting", error: { code: "closed", reasonCode: 0x8b } });
    await harness.settled();
    expect(connection.state.status).toBe("connected");
  });

  test("no QoS 0 message survives a lost connection", async () => {
    const connection = harness.connect();
    await connection.connected();
    harness.server.down = UNREACHABLE;
    harness.server.stream.hangUp();
    for (let index = 0; index < 100; index++) expect(connection.send("a", text("stale"))).toBe(false);
    await expect(connection.publish("a", text("stale"), { qos: 0 })).rejects.toMatchObject({ code: "closed" });
    harness.server.down = undefined;
    await vi.advanceTimersByTimeAsync(2000);
    expect(connection.state.status).toBe("connected");
    expect(harness.server.received("publish")).toEqual([]);
  });
});

describe("keep alive", () => {
  test("asks at intervals and measures the round trip", async () => {
    harness.server.answersPings = false;
    const connection = harness.connect({ pingIntervalMs: 1000 });
    await connection.connected();
    expect(harness.server.received("pingreq")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(40);
    harness.server.stream.reply({ type: "pingresp" });
    expect(connection.roundTripMs).toBe(40);
    await vi.advanceTimersByTimeAsync(960);
    expect(harness.server.received("pingreq")).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(300);
    expect(connection.roundTripMs).toBe(300);
    harness.server.stream.reply({ type: "pingresp" });
    expect(connection.roundTripMs).toBe(300);
    expect(connection.minRoundTripMs).toBe(40);
  });

  test("a server that does not answer is given up", async () => {
    harness.server.answersPings = false;
    const connection = harness.connect({ keepAliveS: 15 });
    await connection.connected();
    await vi.advanceTimersByTimeAsync(9_900);
    expect(connection.state.status).toBe("connected");
    await vi.advanceTimersByTimeAsync(5_100);
    expect(harness.server.streams[0]?.closed).toBe(true);
    expect(harness.server.streams).toHaveLength(2);
  });

  test("a server that sends other things is not", async () => {
    harness.server.answersPings = false;
    const connection = harness.connect({ keepAliveS: 15 });
    await connection.connected();
    for (let second = 0; second < 60; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      harness.server.stream.reply({
        type: "publish",
        topic: "a",
        payload: text("x"),
        qos: 0,
        retain: false,
        dup: false,
      });
    }
    expect(harness.server.streams).toHaveLength(1);
  });

  test("the server's keep alive wins", async () => {
    harness.server.welcome = () => ({ properties: { serverKeepAliveS: 4 } });
    const connection = harness.connect({ keepAliveS: 60, pingIntervalMs: 30_000 });
    await connection.connected();
    await vi.advanceTimersByTimeAsync(4000);
    expect(harness.server.received("pingreq")).toHaveLength(3);
  });
});
