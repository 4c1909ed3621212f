import { describe, expect, test, vi } from "vitest";
import { quiet, text, useHarness } from "../testing/harness.ts";
import type { Message } from "./subscriptions.ts";

const harness = useHarness();
const never = new AbortController().signal;

describe("subscribing", () => {
  const publish = (topic: string, payload = "x") =>
    ({ type: "publish", topic, payload: text(payload), qos: 0, retain: false, dup: false }) as const;

  test("delivers to everyone whose filter matches, and resolves at SUBACK", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: string[] = [];
    const granted = connection.subscribe("a/+", ({ topic }) => seen.push(`+ ${topic}`), {
      qos: 1,
      noLocal: true,
      signal: never,
    });
    void quiet(connection).subscribe("a/#", ({ topic }) => seen.push(`# ${topic}`), {
      retainHandling: 2,
      signal: never,
    });
    expect(harness.server.received("subscribe")).toMatchObject([
      { packetId: 1, subscriptions: [{ filter: "a/+", qos: 1, noLocal: true, retainHandling: 0 }] },
      { packetId: 2, subscriptions: [{ filter: "a/#", qos: 0, noLocal: false, retainHandling: 2 }] },
    ]);
    harness.server.stream.reply({ type: "suback", packetId: 1, reasonCodes: [1] });
    await granted;
    harness.server.stream.reply(publish("a/b"), publish("a"), publish("b"));
    expect(seen).toEqual(["+ a/b", "# a/b", "# a"]);
  });

  test("rejects when the server refuses", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: Message[] = [];
    const refused = connection.subscribe("a", (message) => seen.push(message), { signal: never });
    harness.server.stream.reply({
      type: "suback",
      packetId: 1,
      reasonCodes: [0x87],
      properties: { reasonString: "no" },
    });
    await expect(refused).rejects.toMatchObject({ code: "not-authorized", message: expect.stringContaining("(no)") });
    harness.server.stream.reply(publish("a"));
    expect(seen).toEqual([]);
  });

  test("asks again, as often as it is told, for what is refused for no reason that lasts (L7)", async () => {
    const connection = harness.connect();
    await connection.connected();
    const answer = (reasonCode: number) => {
      const packetId = harness.server.received("subscribe").at(-1)?.packetId ?? 0;
      harness.server.stream.reply({ type: "suback", packetId, reasonCodes: [reasonCode] });
    };
    const asked = () => harness.server.received("subscribe").length;
    const first = quiet(connection).subscribe("a", () => undefined, { retries: 2, signal: never });
    for (const [waitMs, count] of [
      [1_100, 2],
      [2_100, 3],
    ] as const) {
      answer(0x80);
      await vi.advanceTimersByTimeAsync(waitMs);
      expect(asked()).toBe(count);
    }
    answer(0);
    await first;
    // Refused as often as that, and refused because of missing rights.
    const second = connection.subscribe("b", () => undefined, { retries: 1, signal: never });
    const refused = expect(second).rejects.toMatchObject({ reasonCode: 0x80 });
    answer(0x80);
    await vi.advanceTimersByTimeAsync(1_100);
    answer(0x80);
    await refused;
    const third = connection.subscribe("c", () => undefined, { retries: 5, signal: never });
    answer(0x87);
    await expect(third).rejects.toMatchObject({ code: "not-authorized" });
    const count = asked();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(count);
  });

  test("asks again for what was granted once and is refused after a reconnect", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: string[] = [];
    const granted = connection.subscribe("a", ({ topic }) => seen.push(topic), { signal: never });
    const answer = (reasonCode: number) => {
      const packetId = harness.server.received("subscribe").at(-1)?.packetId ?? 0;
      harness.server.stream.reply({ type: "suback", packetId, reasonCodes: [reasonCode] });
    };
    answer(0);
    await granted;
    harness.server.stream.hangUp();
    await harness.settled();
    const asked = () => harness.server.received("subscribe").length;
    answer(0x80);
    await vi.advanceTimersByTimeAsync(900);
    expect(asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked()).toBe(2);
    answer(0x80);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(asked()).toBe(3);
    answer(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(3);
    harness.server.stream.reply(publish("a"));
    expect(seen).toEqual(["a"]);
  });

  test("subscribes again after a reconnect, and resolves then if it had no answer before", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: string[] = [];
    const granted = connection.subscribe("a", ({ topic }) => seen.push(topic), { signal: never });
    harness.server.stream.hangUp();
    await harness.settled();
    const [again] = harness.server.received("subscribe");
    expect(again).toMatchObject({ subscriptions: [{ filter: "a" }] });
    harness.server.stream.reply({ type: "suback", packetId: again?.packetId ?? 0, reasonCodes: [0] });
    await granted;
    harness.server.stream.reply(publish("a"));
    expect(seen).toEqual(["a"]);
  });

  test("unsubscribes when aborted, at the last subscriber of a filter", async () => {
    const connection = harness.connect();
    await connection.connected();
    const one = new AbortController();
    const two = new AbortController();
    const seen: string[] = [];
    const first = connection.subscribe("a", () => seen.push("1"), { signal: one.signal });
    const second = connection.subscribe("a", () => seen.push("2"), { qos: 1, signal: two.signal });
    expect(harness.server.received("subscribe").at(-1)?.subscriptions).toMatchObject([{ qos: 1 }]);
    harness.server.stream.reply({ type: "suback", packetId: 1, reasonCodes: [0] });
    await first;
    one.abort();
    expect(harness.server.received("unsubscribe")).toEqual([]);
    harness.server.stream.reply(publish("a"));
    expect(seen).toEqual(["2"]);
    two.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    expect(harness.server.received("unsubscribe")).toMatchObject([{ filters: ["a"] }]);
    harness.server.stream.reply({ type: "unsuback", packetId: 3, reasonCodes: [0] });
    harness.server.stream.reply(publish("a"));
    expect(seen).toEqual(["2"]);
    harness.server.stream.hangUp();
    await harness.settled();
    expect(harness.server.received("subscribe")).toEqual([]);
  });

  test("shared subscriptions match without their name", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: string[] = [];
    void quiet(connection).subscribe("$share/group/a/+", ({ topic }) => seen.push(topic), { signal: never });
    harness.server.stream.reply(publish("a/b"));
    expect(seen).toEqual(["a/b"]);
  });

  test("throws for a filter that is none, and rejects when it is over", async () => {
    const connection = harness.connect();
    expect(() => connection.subscribe("a/#/b", () => undefined, { signal: never })).toThrow(TypeError);
    await connection.connected();
    const waiting = connection.subscribe("a", () => undefined, { signal: never });
    await connection.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    await expect(connection.subscribe("a", () => undefined, { signal: never })).rejects.toMatchObject({
      code: "closed",
    });
  });
});

describe("receiving", () => {
  test("acknowledges QoS 1 after it was handled, and delivers QoS 2 once", async () => {
    const connection = harness.connect({ sessionExpiryS: 10 });
    await connection.connected();
    const seen: Message[] = [];
    void quiet(connection).subscribe(
      "a",
      (message) => {
        expect(harness.server.received("puback")).toEqual([]);
        seen.push(message);
      },
      { signal: never },
    );
    const message = { type: "publish", topic: "a", payload: text("x"), retain: false, dup: false } as const;
    harness.server.stream.reply({ ...message, qos: 1, packetId: 7, retain: true });
    expect(harness.server.received("puback")).toMatchObject([{ packetId: 7 }]);
    expect(seen).toMatchObject([{ topic: "a", payload: text("x"), qos: 1, retain: true }]);

    seen.length = 0;
    harness.server.stream.received.length = 0;
    harness.server.stream.reply({ ...message, qos: 2, packetId: 8 });
    harness.server.welcome = () => ({ sessionPresent: true });
    harness.server.stream.hangUp();
    await harness.settled();
    harness.server.stream.reply({ ...message, qos: 2, packetId: 8, dup: true });
    harness.server.stream.reply({ type: "pubrel", packetId: 8, reasonCode: 0 });
    expect(seen).toHaveLength(1);
    expect(harness.server.stream.received.slice(-2)).toMatchObject([
      { type: "pubrec", packetId: 8 },
      { type: "pubcomp", packetId: 8, reasonCode: 0 },
    ]);
    harness.server.stream.reply({ type: "pubrel", packetId: 8, reasonCode: 0 });
    expect(harness.server.stream.received.at(-1)).toMatchObject({ type: "pubcomp", reasonCode: 0x92 });
    harness.server.stream.reply({ ...message, qos: 2, packetId: 8 });
    expect(seen).toHaveLength(2);
  });

  test("understands topic aliases, and refuses unknown and too large ones", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: string[] = [];
    void quiet(connection).subscribe("#", ({ topic }) => seen.push(topic), { signal: never });
    const message = { type: "publish", payload: text("x"), qos: 0, retain: false, dup: false } as const;
    harness.server.stream.reply({ ...message, topic: "a", properties: { topicAlias: 3 } });
    harness.server.stream.reply({ ...message, topic: "", properties: { topicAlias: 3 } });
    expect(seen).toEqual(["a", "a"]);
    harness.server.stream.reply({ ...message, topic: "", properties: { topicAlias: 4 } });
    expect(harness.server.streams[0]?.received.at(-1)).toMatchObject({ type: "disconnect", reasonCode: 0x82 });
    await harness.settled();
    harness.server.stream.reply({ ...message, topic: "a", properties: { topicAlias: 65 } });
    expect(harness.server.streams[1]?.received.at(-1)).toMatchObject({ type: "disconnect", reasonCode: 0x94 });
  });

  test("a packet that is too large ends the connection at its fixed header", async () => {
    const connection = harness.connect({ maxPacketBytes: 1000 });
    await connection.connected();
    harness.server.stream.onData?.(new Uint8Array([0x30, 0xff, 0xff, 0xff, 0x7f]));
    expect(harness.server.streams[0]?.received.at(-1)).toMatchObject({ type: "disconnect", reasonCode: 0x95 });
  });

  test("a handler's error is the application's, and the next message is delivered all the same", async () => {
    const connection = harness.connect();
    await connection.connected();
    const seen: Message[] = [];
    void quiet(connection).subscribe(
      "a",
      (message) => {
        seen.push(message);
        throw new Error("a bug");
      },
      { signal: never },
    );
    const message = { type: "publish", topic: "a", payload: text("x"), qos: 0, retain: false, dup: false } as const;
    expect(() => harness.server.stream.reply(message)).toThrow("a bug");
    expect(() => harness.server.stream.reply(message)).toThrow("a bug");
    expect(seen).toHaveLength(2);
    expect(connection.state.status).toBe("connected");
  });
});
