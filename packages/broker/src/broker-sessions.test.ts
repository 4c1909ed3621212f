import { type ConnectPacket, type Packet, ReasonCode } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Broker, type BrokerOptions } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, connectPacket, RawClient } from "./testing/raw-client.ts";

const levels = [{ level: 4 }, { level: 5 }] as const;
type Level = 4 | 5;

let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ["setInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function newBroker(options: BrokerOptions = {}): Broker {
  return new Broker({ now: () => nowMs, ...options });
}

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    nowMs += 1000;
    vi.advanceTimersByTime(1000);
  }
}

/** CONNECT for a session that outlives its connection. */
function lasting(level: Level, clientId: string): Partial<Omit<ConnectPacket, "type" | "level">> {
  return { clientId, cleanStart: false, ...(level === 5 ? { properties: { sessionExpiryS: 100 } } : {}) };
}

async function resumed(broker: Broker, level: Level, clientId: string): Promise<[RawClient, Packet[]]> {
  const client = new RawClient(broker, { level });
  client.send(connectPacket(level, lasting(level, clientId)));
  return [client, await client.received()];
}

describe.each(levels)("a session, level $level", ({ level }) => {
  test("keeps its subscriptions and the QoS 1 and 2 messages that came meanwhile, but no QoS 0", async () => {
    using broker = newBroker();
    const client = await connected(broker, { level, ...lasting(level, "me") });
    await client.subscribe("a/#", { qos: 2 });
    client.disconnect();
    const publisher = await connected(broker, { level });
    for (const qos of [0, 1, 2] as const) publisher.publish(`a/${qos}`, "x", { qos });
    expect(broker.statistics).toMatchObject({ sessions: 2, connections: 1 });
    const [again, packets] = await resumed(broker, level, "me");
    expect(packets).toMatchObject([
      { type: "connack", sessionPresent: true },
      { topic: "a/1", qos: 1, dup: false },
      { topic: "a/2", qos: 2, dup: false },
    ]);
    publisher.publish("a/b", "live");
    expect(await again.messages()).toEqual(["a/b live"]);
  });

  test("sends again what was not acknowledged, in order and with the same ids", async () => {
    using broker = newBroker();
    const client = await connected(broker, { level, ...lasting(level, "me") });
    await client.subscribe("#", { qos: 2 });
    const publisher = await connected(broker, { level });
    publisher.publish("a", "1", { qos: 2 });
    publisher.publish("a", "2", { qos: 2 });
    publisher.publish("a", "3", { qos: 1 });
    const ids = (await client.received()).map((packet) => ("packetId" in packet ? (packet.packetId ?? 0) : 0));
    client.send({ type: "pubrec", packetId: ids[0] ?? 0, reasonCode: 0 });
    client.lose();
    const [again, packets] = await resumed(broker, level, "me");
    expect(packets).toMatchObject([
      { type: "connack", sessionPresent: true },
      { type: "pubrel", packetId: ids[0] },
      { type: "publish", packetId: ids[1], dup: true, qos: 2 },
      { type: "publish", packetId: ids[2], dup: true, qos: 1 },
    ]);
    again.send({ type: "pubcomp", packetId: ids[0] ?? 0, reasonCode: 0 });
    again.send({ type: "puback", packetId: ids[2] ?? 0, reasonCode: 0 });
    again.lose();
    const [, left] = await resumed(broker, level, "me");
    expect(left.slice(1)).toMatchObject([{ type: "publish", packetId: ids[1], dup: true }]);
  });

  test("remembers which QoS 2 messages of the client it has", async () => {
    using broker = newBroker();
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const client = await connected(broker, { level, ...lasting(level, "me") });
    client.publish("a", "1", { qos: 2, packetId: 3 });
    client.lose();
    const [again] = await resumed(broker, level, "me");
    again.publish("a", "1", { qos: 2, packetId: 3, dup: true });
    again.send({ type: "pubrel", packetId: 3, reasonCode: 0 });
    expect((await again.received()).map(({ type }) => type)).toEqual(["pubrec", "pubcomp"]);
    expect(await witness.messages()).toEqual(["a 1"]);
  });

  test("is discarded by a clean start, and ends with its connection when it was asked to", async () => {
    using broker = newBroker();
    const client = await connected(broker, { level, ...lasting(level, "me") });
    await client.subscribe("a", { qos: 1 });
    client.disconnect();
    const clean = new RawClient(broker, { level });
    expect(await clean.connect({ clientId: "me" })).toMatchObject({ sessionPresent: false });
    expect(broker.statistics.subscriptions).toBe(0);
    clean.disconnect();
    const [, packets] = await resumed(broker, level, "me");
    expect(packets).toMatchObject([{ type: "connack", sessionPresent: false }]);
  });

  test("ends when its time is over", async () => {
    using broker = newBroker({ limits: { sessionExpiryMaxS: 100 } });
    const client = await connected(broker, { level, ...lasting(level, "me") });
    await client.subscribe("a");
    client.lose();
    pass(99);
    expect(broker.statistics).toMatchObject({ sessions: 1, subscriptions: 1 });
    pass(1);
    expect(broker.statistics).toMatchObject({ sessions: 0, subscriptions: 0 });
  });

  test("of a client that is away is bounded: the oldest messages go, and beyond the limit of sessions the oldest", async () => {
    const egress = { maxBytes: 1000, maxReliableMessages: 2, maxReliableBytes: 10_000 };
    const grant: Grant = { ...LOCAL_GRANT, egress };
    using broker = newBroker({ authenticate: () => grant, limits: { maxSessions: 3 } });
    for (const clientId of ["first", "second"]) {
      const client = await connected(broker, { level, ...lasting(level, clientId) });
      await client.subscribe(clientId, { qos: 1 });
      client.lose();
      pass(1);
    }
    const publisher = await connected(broker, { level });
    for (const text of ["1", "2", "3"]) publisher.publish("second", text, { qos: 1 });
    expect(broker.statistics.offlineDropped).toBe(1);
    await connected(broker, { level, clientId: "third" });
    expect(broker.statistics.sessions).toBe(3);
    const [, packets] = await resumed(broker, level, "second");
    expect(packets.map((packet) => packet.type === "publish" && new TextDecoder().decode(packet.payload))).toEqual([
      false,
      "2",
      "3",
    ]);
  });

  test("delivers on resume only what the new grant allows", async () => {
    let allowed = ["a", "b"];
    const authenticate = (): Grant => {
      const topics = allowed;
      return {
        ...LOCAL_GRANT,
        maySubscribe: (filter) => topics.includes(filter),
        mayReceive: (topic) => topics.includes(topic),
      };
    };
    using broker = newBroker({ authenticate });
    const client = await connected(broker, { level, ...lasting(level, "me") });
    await client.subscribe("a", { qos: 1 });
    await client.subscribe("b", { qos: 1 });
    client.lose();
    const publisher = await connected(broker, { level });
    publisher.publish("a", "x", { qos: 1 });
    publisher.publish("b", "x", { qos: 1 });
    allowed = ["b"];
    const [, packets] = await resumed(broker, level, "me");
    expect(packets.slice(1)).toMatchObject([{ topic: "b" }]);
    expect(broker.statistics.subscriptions).toBe(1);
  });

  test("is taken over by the same identity, and the older connection ends", async () => {
    using broker = newBroker();
    const first = await connected(broker, { level, clientId: "me" });
    const second = await connected(broker, { level, clientId: "me" });
    const goodbyes = (await first.received()).map((packet) => packet.type === "disconnect" && packet.reasonCode);
    expect(goodbyes).toEqual(level === 5 ? [ReasonCode.sessionTakenOver] : []);
    expect([first.isClosed, second.isClosed]).toEqual([true, false]);
    expect(broker.statistics).toMatchObject({ connections: 1, sessions: 1 });
    first.lose();
    expect(broker.statistics).toMatchObject({ connections: 1, sessions: 1 });
  });

  test("is not taken over by somebody else, connected or not", async () => {
    const authenticate = ({ username = "" }: { username: string | undefined }): Grant => ({
      ...LOCAL_GRANT,
      identity: username,
    });
    using broker = newBroker({ authenticate });
    const owner = await connected(broker, { level, ...lasting(level, "me"), username: "owner" });
    await owner.subscribe("a", { qos: 1 });
    const refusal = level === 5 ? ReasonCode.clientIdentifierNotValid : 2;
    const attack = async (cleanStart: boolean) =>
      (await new RawClient(broker, { level }).connect({ clientId: "me", cleanStart, username: "thief" })).reasonCode;
    expect([await attack(true), await attack(false)]).toEqual([refusal, refusal]);
    expect(owner.isClosed).toBe(false);
    owner.lose();
    expect([await attack(true), await attack(false)]).toEqual([refusal, refusal]);
    expect(broker.statistics).toMatchObject({ sessions: 1, subscriptions: 1 });
  });
});

describe("a session of MQTT 5", () => {
  const level = 5;

  test("can be shortened or made longer by DISCONNECT, but not out of nothing", async () => {
    using broker = newBroker();
    const client = await connected(broker, { level, ...lasting(level, "me") });
    client.send({ type: "disconnect", reasonCode: 0, properties: { sessionExpiryS: 5 } });
    pass(5);
    expect(broker.statistics.sessions).toBe(0);
    const short = await connected(broker, { level, clientId: "short" });
    short.send({ type: "disconnect", reasonCode: 0, properties: { sessionExpiryS: 5 } });
    expect(await short.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.protocolError });
  });

  test("a message that expired meanwhile is not delivered, another tells what is left of its time", async () => {
    using broker = newBroker();
    const client = await connected(broker, { level, ...lasting(level, "me") });
    await client.subscribe("#", { qos: 1 });
    client.lose();
    const publisher = await connected(broker, { level });
    publisher.publish("a", "x", { qos: 1, properties: { messageExpiryS: 3 } });
    publisher.publish("b", "x", { qos: 1, properties: { messageExpiryS: 10 } });
    pass(4);
    const [, packets] = await resumed(broker, level, "me");
    expect(packets.slice(1)).toMatchObject([{ topic: "b", properties: { messageExpiryS: 6 } }]);
  });
});
