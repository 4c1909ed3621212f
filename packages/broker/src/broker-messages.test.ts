import { type Packet, type QoS, ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, turn } from "./testing/raw-client.ts";

const levels = [{ level: 4 }, { level: 5 }] as const;
const qualities: readonly QoS[] = [0, 1, 2];
const pairs = qualities.flatMap((published) => qualities.map((subscribed) => [published, subscribed] as const));

function types(packets: readonly Packet[]): string[] {
  return packets.map(({ type }) => type);
}

describe.each(levels)("messages, level $level", ({ level }) => {
  test.each(pairs)("published with QoS %i arrive with QoS %i at most", async (published, subscribed) => {
    using broker = new Broker();
    const subscriber = await connected(broker, { level });
    const publisher = await connected(broker, { level });
    expect(await subscriber.subscribe("a/+", { qos: subscribed })).toEqual([subscribed]);
    publisher.publish("a/b", "hello", { qos: published });
    const message = await subscriber.only("publish");
    const qos = Math.min(published, subscribed);
    expect(message).toMatchObject({ topic: "a/b", qos, retain: false, dup: false });
    expect(new TextDecoder().decode(message.payload)).toBe("hello");
    const { packetId = 0 } = message;
    expect(packetId > 0).toBe(qos > 0);
    if (qos === 1) subscriber.send({ type: "puback", packetId, reasonCode: 0 });
    if (qos === 2) {
      subscriber.send({ type: "pubrec", packetId, reasonCode: 0 });
      expect(await subscriber.only("pubrel")).toMatchObject({ packetId });
      subscriber.send({ type: "pubcomp", packetId, reasonCode: 0 });
    }
    expect(await subscriber.received()).toEqual([]);
    const answers = { 0: [], 1: ["puback"], 2: ["pubrec"] } as const;
    expect(types(await publisher.received())).toEqual(answers[published]);
    expect(broker.statistics).toMatchObject({ messagesIn: 1, messagesOut: 1 });
  });

  test("a QoS 2 message that is sent twice is delivered once, and its id can be used again after PUBREL", async () => {
    using broker = new Broker();
    const subscriber = await connected(broker, { level });
    const publisher = await connected(broker, { level });
    await subscriber.subscribe("#");
    publisher.publish("a", "1", { qos: 2, packetId: 7 });
    publisher.publish("a", "1", { qos: 2, packetId: 7, dup: true });
    expect(await subscriber.messages()).toEqual(["a 1"]);
    expect(types(await publisher.received())).toEqual(["pubrec", "pubrec"]);
    publisher.send({ type: "pubrel", packetId: 7, reasonCode: 0 });
    publisher.send({ type: "pubrel", packetId: 7, reasonCode: 0 });
    const unknown = level === 5 ? ReasonCode.packetIdentifierNotFound : 0;
    expect(await publisher.received()).toMatchObject([{ type: "pubcomp" }, { type: "pubcomp", reasonCode: unknown }]);
    publisher.publish("a", "2", { qos: 2, packetId: 7 });
    expect(await subscriber.messages()).toEqual(["a 2"]);
  });

  test("acknowledgements of what was never sent are no fault", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    client.send({ type: "puback", packetId: 5, reasonCode: 0 });
    client.send({ type: "pubcomp", packetId: 5, reasonCode: 0 });
    client.send({ type: "pubrec", packetId: 5, reasonCode: 0 });
    const reasonCode = level === 5 ? ReasonCode.packetIdentifierNotFound : 0;
    expect(await client.only("pubrel")).toMatchObject({ packetId: 5, reasonCode });
    expect(client.isClosed).toBe(false);
  });

  test("an acknowledgement of the wrong kind ends the connection", async () => {
    using broker = new Broker();
    const publisher = await connected(broker, { level });
    for (const [qos, type] of [
      [1, "pubrec"],
      [1, "pubcomp"],
      [2, "puback"],
      [2, "pubcomp"],
    ] as const) {
      const client = await connected(broker, { level });
      await client.subscribe("a", { qos });
      publisher.publish("a", "x", { qos });
      const { packetId = 0 } = await client.only("publish");
      client.send({ type, packetId, reasonCode: 0 });
      const goodbyes = (await client.received()).map((packet) => packet.type === "disconnect" && packet.reasonCode);
      expect(goodbyes).toEqual(level === 5 ? [ReasonCode.protocolError] : []);
      expect(client.isClosed).toBe(true);
    }
  });

  test("messages of one publisher keep their order, within a turn and over several", async () => {
    using broker = new Broker();
    const subscriber = await connected(broker, { level });
    const publisher = await connected(broker, { level });
    await subscriber.subscribe("a", { qos: 1 });
    for (let index = 0; index < 10; index++) {
      if (index === 5) await turn();
      publisher.publish("a", String(index), { qos: 1 });
    }
    const messages = await subscriber.messages();
    expect(messages).toEqual(Array.from({ length: 10 }, (_, index) => `a ${index}`));
  });

  test("overlapping subscriptions deliver once, with the highest QoS", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    await client.subscribe("a/#", { qos: 0 });
    await client.subscribe("a/+", { qos: 1 });
    client.publish("a/b", "x", { qos: 2 });
    const packets = await client.received();
    expect(packets.filter(({ type }) => type === "publish")).toMatchObject([{ qos: 1 }]);
  });

  test("an unsubscribed filter brings nothing, others stay", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    await client.subscribe("a");
    await client.subscribe("b");
    client.send({ type: "unsubscribe", packetId: 9, filters: ["a", "never"] });
    const unsuback = await client.only("unsuback");
    expect(unsuback.packetId).toBe(9);
    expect(unsuback.reasonCodes).toEqual(level === 5 ? [0, ReasonCode.noSubscriptionExisted] : []);
    client.publish("a", "x");
    client.publish("b", "y");
    expect(await client.messages()).toEqual(["b y"]);
    expect(broker.statistics.subscriptions).toBe(1);
  });

  test("a client that is gone gets nothing more, and its subscriptions are gone too", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    await client.subscribe("a/b/c");
    client.lose();
    const publisher = await connected(broker, { level });
    publisher.publish("a/b/c", "x");
    await turn();
    expect(broker.statistics).toMatchObject({ subscriptions: 0, sessions: 1, messagesOut: 0, internalErrors: 0 });
  });

  test("no more QoS 1 messages are on the way than the client takes", async () => {
    using broker = new Broker({ limits: { maxInFlight: 3 } });
    const subscriber = await connected(broker, { level });
    const publisher = await connected(broker, { level });
    await subscriber.subscribe("a", { qos: 1 });
    for (let index = 0; index < 5; index++) publisher.publish("a", String(index), { qos: 1 });
    const first = await subscriber.received();
    expect(first).toHaveLength(3);
    for (const packet of first) {
      if (packet.type === "publish") subscriber.send({ type: "puback", packetId: packet.packetId ?? 0, reasonCode: 0 });
    }
    expect(await subscriber.messages()).toEqual(["a 3", "a 4"]);
  });

  test("a QoS above what was granted is lowered for subscriptions, and ends who publishes with it", async () => {
    const grant: Grant = { ...LOCAL_GRANT, maxQos: 1 };
    using broker = new Broker({ authenticate: () => grant });
    const client = await connected(broker, { level });
    expect(await client.subscribe("a", { qos: 2 })).toEqual([1]);
    client.publish("a", "x", { qos: 2 });
    const packets = await client.received();
    expect(packets).toMatchObject(level === 5 ? [{ type: "disconnect", reasonCode: ReasonCode.qosNotSupported }] : []);
    expect(client.isClosed).toBe(true);
  });

  test("shared subscriptions: each message goes to one member, in turn, and to ordinary subscribers too", async () => {
    using broker = new Broker();
    const [first, second, ordinary] = await Promise.all([1, 2, 3].map(() => connected(broker, { level })));
    if (!first || !second || !ordinary) throw new Error("unreachable");
    await first.subscribe("$share/workers/jobs/+", { qos: 1 });
    await second.subscribe("$share/workers/jobs/+", { qos: 1 });
    await ordinary.subscribe("jobs/#");
    for (let index = 0; index < 4; index++) ordinary.publish("jobs/x", String(index));
    expect(await first.messages()).toEqual(["jobs/x 0", "jobs/x 2"]);
    expect(await second.messages()).toEqual(["jobs/x 1", "jobs/x 3"]);
    expect(await ordinary.messages()).toHaveLength(4);
    first.lose();
    for (let index = 0; index < 2; index++) ordinary.publish("jobs/x", String(index));
    expect(await second.messages()).toEqual(["jobs/x 0", "jobs/x 1"]);
  });
});
