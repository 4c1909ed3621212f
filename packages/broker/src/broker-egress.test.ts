import { ReasonCode } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Broker, type BrokerOptions } from "./broker.ts";
import type { Classification } from "./classification.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, type RawClient, turn } from "./testing/raw-client.ts";

let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ["setInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const egress = { maxBytes: 10_000, maxReliableMessages: 5, maxReliableBytes: 5000 };
const grant: Grant = { ...LOCAL_GRANT, egress };

/** Topics say what they carry: a/… is sound, v/… is video, and its payload begins with K for a key frame. */
function classify(topic: string, payload: Uint8Array): Classification | undefined {
  if (topic.startsWith("a/")) return { lane: "audio", maxAgeMs: 300 };
  if (topic.startsWith("v/")) return { lane: "video-large", maxAgeMs: 500, keyFrame: payload[0] === 75 };
  return undefined;
}

function newBroker(options: BrokerOptions = {}): Broker {
  return new Broker({
    now: () => nowMs,
    authenticate: () => grant,
    classify,
    limits: { highWaterBytes: 100 },
    ...options,
  });
}

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    nowMs += 1000;
    vi.advanceTimersByTime(1000);
  }
}

/** A subscriber whose socket has just been filled. */
async function stalled(broker: Broker, publisher: RawClient, qos: 0 | 1 = 0): Promise<RawClient> {
  const client = await connected(broker, { level: 5 });
  await client.subscribe("#", { qos });
  client.stream.isStalled = true;
  publisher.publish("fill", "x".repeat(200));
  await turn();
  await client.received();
  return client;
}

describe("egress", () => {
  test("sends within the turn of the event loop, one write per subscriber over TCP, one frame per message over WebSocket", async () => {
    using broker = newBroker({ limits: {} });
    const [tcp, web] = await Promise.all(
      (["tcp", "websocket"] as const).map((transport) => connected(broker, { level: 5, transport })),
    );
    if (!tcp || !web) throw new Error("unreachable");
    await tcp.subscribe("#");
    await web.subscribe("#");
    const publisher = await connected(broker, { level: 5 });
    const before = { tcp: tcp.stream.sent.length, web: web.stream.sent.length };
    for (const text of ["1", "2", "3"]) publisher.publish("a", text);
    expect(tcp.stream.sent.length).toBe(before.tcp);
    await new Promise((resolve) => setImmediate(resolve));
    expect(tcp.stream.sent.length - before.tcp).toBe(1);
    expect(web.stream.sent.length - before.web).toBe(3);
    expect(await tcp.messages()).toEqual(["a 1", "a 2", "a 3"]);
    expect(await web.messages()).toEqual(["a 1", "a 2", "a 3"]);
  });

  test("subscribers of one level share the bytes", async () => {
    using broker = newBroker();
    const clients = await Promise.all(([4, 4, 5, 5] as const).map((level) => connected(broker, { level })));
    for (const client of clients) await client.subscribe("#");
    const [publisher] = clients;
    for (const count of [1, 2]) {
      for (let index = 0; index < count; index++) publisher?.publish("a", "x");
      await turn();
      const [a, b, c, d] = clients.map((client) => client.stream.sent.at(-1));
      expect(a).toBe(b);
      expect(c).toBe(d);
      expect(a).not.toBe(c);
    }
  });

  test("hands a stalled socket little, and sends the urgent first when it goes on", async () => {
    using broker = newBroker();
    const publisher = await connected(broker, { level: 5 });
    const client = await stalled(broker, publisher);
    publisher.publish("v/1", "K1");
    publisher.publish("plain", "2");
    publisher.publish("a/1", "3");
    client.send({ type: "pingreq" });
    await turn();
    expect(await client.received()).toEqual([]);
    client.stream.drain();
    const packets = await client.received();
    expect(packets.map((packet) => (packet.type === "publish" ? packet.topic : packet.type))).toEqual([
      "pingresp",
      "a/1",
      "v/1",
      "plain",
    ]);
  });

  test("old media is dropped, video goes on with a key frame, plain messages wait", async () => {
    using broker = newBroker();
    const publisher = await connected(broker, { level: 5 });
    const client = await stalled(broker, publisher);
    publisher.publish("v/1", "K1");
    publisher.publish("a/1", "1");
    publisher.publish("plain", "1");
    nowMs = 400;
    publisher.publish("v/1", "2");
    publisher.publish("a/1", "2");
    nowMs = 501;
    publisher.publish("v/1", "3");
    publisher.publish("v/1", "K4");
    publisher.publish("v/1", "5");
    const { queueAgeMs } = broker.statistics;
    expect(queueAgeMs).toEqual({ control: 0, audio: 101, "video-small": 0, "video-large": 501 });
    client.stream.drain();
    expect(await client.messages()).toEqual(["a/1 2", "plain 1", "v/1 K4", "v/1 5"]);
    expect(broker.statistics.dropped).toMatchObject({
      control: { age: 0, room: 0, incomplete: 0 },
      audio: { age: 1, room: 0, incomplete: 0 },
      "video-large": { age: 1, room: 0, incomplete: 2 },
    });
  });

  test("nothing is old that came in the same turn, however late the process gets to send it", async () => {
    using broker = newBroker({ limits: {} });
    const publisher = await connected(broker, { level: 5 });
    const client = await connected(broker, { level: 5 });
    await client.subscribe("#");
    publisher.publish("v/1", "K1");
    publisher.publish("a/1", "1");
    nowMs = 700;
    publisher.publish("v/1", "2");
    expect(await client.messages()).toEqual(["a/1 1", "v/1 K1", "v/1 2"]);
  });

  test("plain messages are bounded by bytes, the oldest go first, and others lose nothing", async () => {
    using broker = newBroker();
    const publisher = await connected(broker, { level: 5 });
    const client = await stalled(broker, publisher);
    const healthy = await connected(broker, { level: 5 });
    await healthy.subscribe("#");
    for (let index = 0; index < 30; index++) publisher.publish("plain", `${index} ${"x".repeat(900)}`);
    expect(await healthy.messages()).toHaveLength(30);
    expect(broker.statistics.queuedBytes).toBeLessThanOrEqual(10_000);
    client.stream.drain();
    const numbers = (await client.messages()).map((message) => Number.parseInt(message.slice(6), 10));
    expect(numbers).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  test.each(["messages", "bytes"])("too many reliable %s end the connection, and only that", async (kind) => {
    using broker = newBroker();
    const publisher = await connected(broker, { level: 5 });
    const client = await stalled(broker, publisher, 1);
    const text = kind === "bytes" ? "x".repeat(1600) : "x";
    const allowed = kind === "bytes" ? 2 : 5;
    for (let index = 0; index < allowed; index++) publisher.publish("plain", text, { qos: 1 });
    expect(client.isClosed).toBe(false);
    publisher.publish("plain", text, { qos: 1 });
    publisher.publish("plain", text, { qos: 1 });
    expect(client.isClosed).toBe(true);
    const last = (await client.received()).at(-1);
    expect(last).toMatchObject({ type: "disconnect", reasonCode: ReasonCode.quotaExceeded });
    expect(broker.statistics).toMatchObject({ overflowedConnections: 1, connections: 1 });
    expect(publisher.isClosed).toBe(false);
  });

  test("who sends requests and never reads the answers is closed", async () => {
    using broker = newBroker();
    const publisher = await connected(broker, { level: 5 });
    const client = await stalled(broker, publisher);
    for (let index = 0; index < 1000 && !client.isClosed; index++) client.send({ type: "pingreq" });
    expect(client.isClosed).toBe(true);
    expect(broker.statistics.overflowedConnections).toBe(1);
  });

  test("one large reliable message does not end a connection that media waits for", async () => {
    using broker = newBroker({ authenticate: () => ({ ...grant, egress: { ...egress, maxReliableBytes: 50_000 } }) });
    const publisher = await connected(broker, { level: 5 });
    const client = await stalled(broker, publisher, 1);
    publisher.publish("v/1", "K");
    publisher.publish("big", "x".repeat(20_000), { qos: 1 });
    publisher.publish("big", "x".repeat(20_000), { qos: 1 });
    await turn();
    expect(client.isClosed).toBe(false);
    client.stream.drain();
    expect((await client.messages()).map((message) => message.slice(0, 3))).toEqual(["big", "big"]);
  });

  test("who takes nothing for 10 s is cut; who takes a little is not", async () => {
    using broker = newBroker();
    const publisher = await connected(broker, { level: 5, keepAliveS: 1000 });
    const slow = await stalled(broker, publisher);
    const client = await stalled(broker, publisher);
    const idle = await connected(broker, { level: 5 });
    for (let second = 0; second < 10; second++) {
      expect(client.isClosed).toBe(false);
      publisher.publish("plain", "x".repeat(200));
      await turn();
      pass(1);
      slow.stream.drain();
      slow.stream.isStalled = true;
    }
    pass(1);
    expect(client.stream.ended).toBe("destroyed");
    expect([slow.isClosed, idle.isClosed]).toEqual([false, false]);
    expect(broker.statistics).toMatchObject({ stalledConnections: 1, connections: 3 });
  });
});
