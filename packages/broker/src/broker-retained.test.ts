import { encodePacket, ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, type RawClient } from "./testing/raw-client.ts";

const levels = [{ level: 4 }, { level: 5 }] as const;

async function retainedFlags(client: RawClient): Promise<[string, boolean][]> {
  const packets = await client.received();
  return packets.flatMap((packet) => (packet.type === "publish" ? [[packet.topic, packet.retain]] : []));
}

describe.each(levels)("retained messages, level $level", ({ level }) => {
  test("the last one of each topic comes with a new subscription, marked; live ones are not marked", async () => {
    using broker = new Broker();
    const publisher = await connected(broker, { level });
    publisher.publish("a/1", "old", { retain: true });
    publisher.publish("a/1", "new", { retain: true, qos: 1 });
    publisher.publish("a/2", "x", { retain: true });
    publisher.publish("b", "x", { retain: true });
    const client = await connected(broker, { level });
    await client.subscribe("a/+", { qos: 1 });
    const packets = await client.received();
    expect(packets).toMatchObject([
      { topic: "a/1", retain: true, qos: 1, payload: new TextEncoder().encode("new") },
      { topic: "a/2", retain: true, qos: 0 },
    ]);
    publisher.publish("a/1", "live", { retain: true });
    expect(await retainedFlags(client)).toEqual([["a/1", false]]);
    expect(broker.statistics.retainedMessages).toBe(3);
  });

  test("an empty one deletes, and is delivered like any other", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    await client.subscribe("a");
    client.publish("a", "x", { retain: true });
    client.publish("a", "", { retain: true });
    expect(await client.messages()).toEqual(["a x", "a "]);
    expect(broker.statistics.retainedMessages).toBe(0);
  });

  test("come again when a subscription is repeated, not for a shared one, not where the grant forbids", async () => {
    const grant: Grant = { ...LOCAL_GRANT, mayReceive: (topic) => topic !== "secret" };
    using broker = new Broker({ authenticate: () => grant });
    const client = await connected(broker, { level });
    client.publish("a", "x", { retain: true });
    client.publish("secret", "x", { retain: true });
    await client.subscribe("#");
    expect(await client.messages()).toEqual(["a x"]);
    await client.subscribe("#");
    expect(await client.messages()).toEqual(["a x"]);
    await client.subscribe("$share/g/a");
    expect(await client.messages()).toEqual([]);
  });

  test("are refused where there is no room, and the publisher is told where it can be", async () => {
    using broker = new Broker({ limits: { maxRetainedMessages: 1 } });
    const client = await connected(broker, { level });
    await client.subscribe("#");
    client.publish("a", "1", { retain: true, qos: 1 });
    client.publish("b", "2", { retain: true, qos: 1 });
    client.publish("a", "3", { retain: true, qos: 1 });
    const packets = await client.received();
    const codes = packets.flatMap((packet) => (packet.type === "puback" ? [packet.reasonCode] : []));
    expect(codes).toEqual([0, level === 5 ? ReasonCode.quotaExceeded : 0, 0]);
    const topics = packets.flatMap((packet) => (packet.type === "publish" ? [packet.topic] : []));
    expect(topics).toEqual(["a", "a"]);
  });

  test("do not keep the chunk alive that they came in", async () => {
    using broker = new Broker();
    const publisher = await connected(broker, { level });
    publisher.publish("a", "kept", { retain: true });
    const packet = { type: "publish", topic: "b", payload: new TextEncoder().encode("abc"), dup: false } as const;
    const chunk = encodePacket({ ...packet, qos: 0, retain: true }, level);
    publisher.sendBytes(chunk);
    chunk.fill(0xff);
    const client = await connected(broker, { level });
    await client.subscribe("#");
    expect(await client.messages()).toEqual(["a kept", "b abc"]);
  });
});

describe("retained messages of MQTT 5", () => {
  const level = 5;

  test("retain as published keeps the mark", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    await client.subscribe("a", { retainAsPublished: true });
    client.publish("a", "x", { retain: true });
    client.publish("a", "x");
    expect(await retainedFlags(client)).toEqual([
      ["a", true],
      ["a", false],
    ]);
  });

  test("retain handling: always, only for a new subscription, never", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    client.publish("a", "x", { retain: true });
    const counts: number[] = [];
    for (const retainHandling of [2, 1, 0] as const) {
      await client.subscribe("a", { retainHandling });
      counts.push((await client.messages()).length);
    }
    await client.subscribe("+", { retainHandling: 1 });
    counts.push((await client.messages()).length);
    expect(counts).toEqual([0, 0, 1, 1]);
  });

  test("expire, and tell how long they are still good", async () => {
    let nowMs = 0;
    using broker = new Broker({ now: () => nowMs });
    const client = await connected(broker, { level });
    client.publish("a", "x", { retain: true, properties: { messageExpiryS: 10, contentType: "text/plain" } });
    nowMs = 4900;
    await client.subscribe("a", { identifier: 5 });
    const properties = { messageExpiryS: 6, contentType: "text/plain", subscriptionIdentifiers: [5] };
    expect(await client.only("publish")).toMatchObject({ retain: true, properties });
    nowMs = 10_000;
    await client.subscribe("a");
    expect(await client.messages()).toEqual([]);
  });
});
