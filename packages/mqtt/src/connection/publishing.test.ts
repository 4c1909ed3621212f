import { describe, expect, test, vi } from "vitest";
import { FakeServer, UNREACHABLE } from "../testing/fake-server.ts";
import { quiet, text, useHarness } from "../testing/harness.ts";

const harness = useHarness();

describe("sending", () => {
  test("a message is one call of the stream's send, at once, without a timer", async () => {
    const connection = harness.connect();
    await connection.connected();
    const before = harness.server.stream.frames.length;
    const timers = vi.getTimerCount();
    for (let index = 1; index <= 20; index++) {
      expect(connection.send("a/b", new Uint8Array(20_000))).toBe(true);
      expect(harness.server.stream.frames).toHaveLength(before + index);
    }
    void quiet(connection).publish("a/b", new Uint8Array(20_000));
    expect(harness.server.stream.frames).toHaveLength(before + 21);
    expect(vi.getTimerCount()).toBe(timers);
    expect(harness.server.received("publish")).toHaveLength(21);
  });

  test("uses topic aliases where the server takes them, anew on each connection", async () => {
    harness.server.welcome = () => ({ properties: { topicAliasMaximum: 1 } });
    const connection = harness.connect();
    await connection.connected();
    for (const round of [0, 1]) {
      connection.send("a/b", text("1"));
      connection.send("a/b", text("2"));
      connection.send("c", text("3"));
      expect(
        harness.server.received("publish").map(({ topic, properties }) => [topic, properties?.topicAlias]),
      ).toEqual([
        ["a/b", 1],
        ["", 1],
        ["c", undefined],
      ]);
      if (round === 0) harness.server.stream.hangUp();
      await harness.settled();
    }
  });

  test("keeps to the server's packet size", async () => {
    harness.server.welcome = () => ({ properties: { maximumPacketBytes: 100 } });
    const connection = harness.connect();
    await connection.connected();
    expect(connection.maxPacketBytes).toBe(100);
    expect(connection.send("a", new Uint8Array(200))).toBe(false);
    for (const qos of [0, 1] as const) {
      await expect(connection.publish("a", new Uint8Array(200), { qos })).rejects.toMatchObject({
        code: "packet-too-large",
      });
    }
    expect(harness.server.received("publish")).toEqual([]);
  });

  test("keeps to the server's QoS and does not ask it to retain what it cannot", async () => {
    harness.server.welcome = () => ({ properties: { maximumQos: 0, retainAvailable: false } });
    const connection = harness.connect();
    await connection.connected();
    await connection.publish("a", text("x"), { qos: 2, retain: true });
    expect(harness.server.received("publish")).toMatchObject([{ qos: 0, retain: false }]);
  });

  test("tells how old the oldest unsent byte is", async () => {
    const connection = harness.connect();
    await connection.connected();
    const { stream } = harness.server;
    const now = () => performance.now();
    connection.send("a", new Uint8Array(1000));
    expect(connection.oldestAgeMs(now())).toBe(0);
    stream.stalled = true;
    connection.send("a", new Uint8Array(1000));
    await vi.advanceTimersByTimeAsync(40);
    connection.send("a", new Uint8Array(1000));
    await vi.advanceTimersByTimeAsync(20);
    expect(connection.oldestAgeMs(now())).toBe(60);
    expect(connection.congested(now())).toBe(true);
    stream.bufferedBytes -= 1010;
    expect(connection.oldestAgeMs(now())).toBe(20);
    expect(connection.congested(now())).toBe(false);
    expect(connection.bufferedBytes).toBe(stream.bufferedBytes);
    stream.bufferedBytes = 0;
    expect(connection.oldestAgeMs(now())).toBe(0);
  });

  test("throws for a topic that is none", async () => {
    const connection = harness.connect();
    await connection.connected();
    expect(() => connection.send("a/+", text("x"))).toThrow(TypeError);
    await expect(connection.publish("", text("x"))).rejects.toThrow(TypeError);
  });
});

describe("publishing with QoS 1 and 2", () => {
  test("waits for PUBACK, or for PUBREC and PUBCOMP", async () => {
    const connection = harness.connect();
    await connection.connected();
    const done: string[] = [];
    void quiet(connection)
      .publish("a", text("1"))
      .then(() => done.push("1"));
    void quiet(connection)
      .publish("a", text("2"), { qos: 2, retain: true })
      .then(() => done.push("2"));
    await harness.settled();
    expect(harness.server.received("publish")).toMatchObject([
      { qos: 1, packetId: 1, dup: false },
      { qos: 2, packetId: 2, retain: true },
    ]);
    expect(done).toEqual([]);
    harness.server.stream.reply({ type: "puback", packetId: 1, reasonCode: 0 });
    harness.server.stream.reply({ type: "pubrec", packetId: 2, reasonCode: 0 });
    await harness.settled();
    expect(done).toEqual(["1"]);
    expect(harness.server.received("pubrel")).toMatchObject([{ packetId: 2, reasonCode: 0 }]);
    harness.server.stream.reply({ type: "pubcomp", packetId: 2, reasonCode: 0 });
    await harness.settled();
    expect(done).toEqual(["1", "2"]);
  });

  test("rejects when the server refuses", async () => {
    const connection = harness.connect();
    await connection.connected();
    const first = expect(connection.publish("a", text("1"))).rejects.toMatchObject({ code: "not-authorized" });
    const second = expect(connection.publish("a", text("2"), { qos: 2 })).rejects.toMatchObject({ reasonCode: 0x97 });
    harness.server.stream.reply({ type: "puback", packetId: 1, reasonCode: 0x87 });
    harness.server.stream.reply({ type: "pubrec", packetId: 2, reasonCode: 0x97 });
    await Promise.all([first, second]);
  });

  test("keeps to the receive maximum", async () => {
    harness.server.welcome = () => ({ properties: { receiveMaximum: 2 } });
    const connection = harness.connect();
    await connection.connected();
    for (let index = 0; index < 5; index++) void quiet(connection).publish("a", text(`${index}`));
    expect(harness.server.received("publish")).toHaveLength(2);
    harness.server.stream.reply({ type: "puback", packetId: 1, reasonCode: 0 });
    expect(harness.server.received("publish")).toHaveLength(3);
  });

  test("sends again after a reconnect, in order, marked when the session lives on", async () => {
    for (const sessionPresent of [true, false]) {
      harness.server = new FakeServer();
      const connection = harness.connect({
        sessionExpiryS: 10,
        onConnected: () =>
          void quiet(connection)
            .publish("state", text("birth"))
            .catch(() => undefined),
      });
      await connection.connected();
      harness.server.stream.reply({ type: "puback", packetId: 1, reasonCode: 0 });
      void quiet(connection).publish("a", text("first"));
      void quiet(connection).publish("a", text("second"), { qos: 2 });
      harness.server.welcome = () => ({ sessionPresent });
      harness.server.down = UNREACHABLE;
      harness.server.stream.hangUp();
      void quiet(connection).publish("a", text("third"));
      harness.server.down = undefined;
      await vi.advanceTimersByTimeAsync(500);
      const seen = harness.server
        .received("publish")
        .map(({ payload, dup }) => [new TextDecoder().decode(payload), dup]);
      expect(seen).toEqual([
        ["first", sessionPresent],
        ["second", sessionPresent],
        ["birth", false],
        ["third", false],
      ]);
    }
  });

  test("after PUBREC only PUBREL is sent again", async () => {
    const connection = harness.connect({ sessionExpiryS: 10 });
    await connection.connected();
    const published = connection.publish("a", text("once"), { qos: 2 });
    harness.server.stream.reply({ type: "pubrec", packetId: 1, reasonCode: 0 });
    harness.server.welcome = () => ({ sessionPresent: true });
    harness.server.stream.hangUp();
    await harness.settled();
    expect(harness.server.received("publish")).toEqual([]);
    expect(harness.server.received("pubrel")).toMatchObject([{ packetId: 1 }]);
    harness.server.stream.reply({ type: "pubcomp", packetId: 1, reasonCode: 0 });
    await published;

    const lost = expect(connection.publish("a", text("twice?"), { qos: 2 })).rejects.toMatchObject({ code: "closed" });
    harness.server.stream.reply({ type: "pubrec", packetId: 2, reasonCode: 0 });
    harness.server.welcome = () => ({ sessionPresent: false });
    harness.server.stream.hangUp();
    await vi.advanceTimersByTimeAsync(1000);
    await lost;
  });

  test("an answer to another QoS ends the connection", async () => {
    const connection = harness.connect();
    await connection.connected();
    void quiet(connection)
      .publish("a", text("1"))
      .catch(() => undefined);
    harness.server.stream.reply({ type: "pubcomp", packetId: 1, reasonCode: 0 });
    expect(harness.server.streams[0]?.received.at(-1)).toMatchObject({ type: "disconnect", reasonCode: 0x82 });
    expect(connection.state).toMatchObject({ status: "waiting", error: { code: "protocol" } });
  });

  test("has a bound", async () => {
    harness.server.down = UNREACHABLE;
    const connection = harness.connect();
    const waiting = Array.from({ length: 1000 }, (_, index) => connection.publish("a", text(`${index}`)));
    await expect(connection.publish("a", text("too many"))).rejects.toMatchObject({ code: "full" });
    const large = harness.connect();
    void large.publish("a", new Uint8Array(5_000_000)).catch(() => undefined);
    await expect(large.publish("a", new Uint8Array(5_000_000))).rejects.toMatchObject({ code: "full" });
    await connection.close();
    expect(await Promise.allSettled(waiting)).toEqual(
      waiting.map(() => ({ status: "rejected", reason: expect.objectContaining({ code: "closed" }) })),
    );
    await expect(connection.publish("a", text("late"))).rejects.toMatchObject({ code: "closed" });
  });

  test("can be given up", async () => {
    harness.server.down = UNREACHABLE;
    const connection = harness.connect();
    const abort = new AbortController();
    const given = expect(connection.publish("a", text("x"), { signal: abort.signal })).rejects.toThrow("enough");
    abort.abort(new Error("enough"));
    await given;
    await expect(connection.publish("a", text("x"), { signal: abort.signal })).rejects.toThrow("enough");
    harness.server.down = undefined;
    await vi.advanceTimersByTimeAsync(1000);
    expect(harness.server.received("publish")).toEqual([]);
  });
});
