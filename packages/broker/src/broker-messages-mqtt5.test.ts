import { ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { connected } from "./testing/raw-client.ts";

describe("messages of MQTT 5", () => {
  const level = 5;

  test("no-local: own messages do not come back through that subscription", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    const other = await connected(broker, { level });
    await client.subscribe("a/+", { noLocal: true, identifier: 1 });
    client.publish("a/b", "own");
    other.publish("a/b", "other");
    expect(await client.messages()).toEqual(["a/b other"]);
    await client.subscribe("a/b", { identifier: 2 });
    client.publish("a/b", "own");
    expect(await client.only("publish")).toMatchObject({ properties: { subscriptionIdentifiers: [2] } });
  });

  test("subscription identifiers come with each message, all that match", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    await client.subscribe("a/+", { identifier: 1 });
    await client.subscribe("#", { identifier: 200_000 });
    client.publish("a/b", "x");
    const { properties } = await client.only("publish");
    expect([...(properties?.subscriptionIdentifiers ?? [])].sort()).toEqual([1, 200_000]);
    client.publish("b", "x", { properties: { subscriptionIdentifiers: [3] } });
    expect(await client.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.protocolError });
  });

  test("passes on what describes the payload, and nothing that is between client and broker", async () => {
    using broker = new Broker();
    const subscriber = await connected(broker, { level });
    const old = await connected(broker, { level: 4 });
    const publisher = await connected(broker, { level });
    await subscriber.subscribe("a");
    await old.subscribe("a");
    const properties = {
      payloadIsUtf8: true,
      contentType: "text/plain",
      responseTopic: "b",
      correlationData: Uint8Array.from([1, 2]),
      userProperties: [
        ["k", "v"],
        ["k", "w"],
      ] as const,
    };
    publisher.publish("a", "x", { properties: { ...properties, topicAlias: 1 } });
    expect((await subscriber.only("publish")).properties).toEqual(properties);
    expect((await old.only("publish")).properties).toBeUndefined();
  });

  test("a client that sends aliases is understood; one that is unknown or too high ends it", async () => {
    using broker = new Broker();
    const subscriber = await connected(broker, { level });
    await subscriber.subscribe("#");
    const publisher = await connected(broker, { level });
    publisher.publish("a", "1", { properties: { topicAlias: 32 } });
    publisher.publish("", "2", { properties: { topicAlias: 32 } });
    publisher.publish("b", "3", { properties: { topicAlias: 32 } });
    publisher.publish("", "4", { properties: { topicAlias: 32 } });
    expect(await subscriber.messages()).toEqual(["a 1", "a 2", "b 3", "b 4"]);
    const other = await connected(broker, { level });
    other.publish("", "x", { properties: { topicAlias: 32 } });
    expect(await other.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.protocolError });
    publisher.publish("c", "x", { properties: { topicAlias: 33 } });
    expect(await publisher.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.topicAliasInvalid });
  });

  test("a client that allows aliases gets them for small messages, as many as it allows", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level, properties: { topicAliasMaximum: 1 } });
    await client.subscribe("#");
    const publisher = await connected(broker, { level });
    for (const topic of ["a", "a", "b", "a"]) publisher.publish(topic, "x");
    publisher.publish("a", "x".repeat(100));
    const packets = await client.received();
    const seen = packets.map((packet) => packet.type === "publish" && [packet.topic, packet.properties?.topicAlias]);
    expect(seen).toEqual([
      ["a", 1],
      ["", 1],
      ["b", undefined],
      ["", 1],
      ["a", undefined],
    ]);
  });

  test("receive maximum and maximum packet size of the client are honoured", async () => {
    using broker = new Broker();
    const properties = { receiveMaximum: 1, maximumPacketBytes: 60 };
    const client = await connected(broker, { level, properties });
    await client.subscribe("a", { qos: 1 });
    const publisher = await connected(broker, { level });
    publisher.publish("a", "x".repeat(60), { qos: 0 });
    publisher.publish("a", "x".repeat(60), { qos: 1 });
    publisher.publish("a", "1", { qos: 1 });
    publisher.publish("a", "2", { qos: 1 });
    const { packetId = 0, payload } = await client.only("publish");
    expect(payload).toHaveLength(1);
    client.send({ type: "puback", packetId, reasonCode: 0 });
    expect(await client.messages()).toEqual(["a 2"]);
    expect(broker.statistics.tooLargeDropped).toBe(2);
  });

  test("says when nobody wants a message, and when it is not allowed", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    for (const qos of [1, 2] as const) {
      client.publish("a", "x", { qos, packetId: 1 });
      client.publish("$a", "x", { qos, packetId: 2 });
    }
    const none = ReasonCode.noMatchingSubscribers;
    const refused = ReasonCode.notAuthorized;
    const codes = (await client.received()).map((packet) => "reasonCode" in packet && packet.reasonCode);
    expect(codes).toEqual([none, refused, none, refused]);
  });

  test("too many QoS 2 messages that are not released end the connection", async () => {
    using broker = new Broker({ limits: { receiveMaximum: 2 } });
    const client = await connected(broker, { level });
    for (const packetId of [1, 2, 3]) client.publish("a", "x", { qos: 2, packetId });
    const packets = await client.received();
    expect(packets.map(({ type }) => type)).toEqual(["pubrec", "pubrec", "disconnect"]);
    expect(packets[2]).toMatchObject({ reasonCode: ReasonCode.receiveMaximumExceeded });
    expect(client.isClosed).toBe(true);
  });

  test("PUBREC with an error ends the exchange", async () => {
    using broker = new Broker({ limits: { maxInFlight: 1 } });
    const client = await connected(broker, { level });
    await client.subscribe("a", { qos: 2 });
    const publisher = await connected(broker, { level });
    publisher.publish("a", "1", { qos: 2 });
    publisher.publish("a", "2", { qos: 2 });
    const { packetId = 0 } = await client.only("publish");
    client.send({ type: "pubrec", packetId, reasonCode: ReasonCode.quotaExceeded });
    expect(await client.messages()).toEqual(["a 2"]);
  });

  test("too many or too large user properties end the connection", async () => {
    using broker = new Broker();
    for (const userProperties of [Array(9).fill(["k", "v"]), [["k", "v".repeat(1024)]]] as [string, string][][]) {
      const client = await connected(broker, { level });
      client.publish("a", "x", { properties: { userProperties } });
      expect(await client.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.quotaExceeded });
    }
  });
});
