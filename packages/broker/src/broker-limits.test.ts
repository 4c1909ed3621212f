import { ReasonCode } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Broker } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, RawClient, turn } from "./testing/raw-client.ts";

const levels = [{ level: 4 }, { level: 5 }] as const;
type Level = 4 | 5;

/** What SUBACK says of a refused filter. */
function refused(level: Level, code: number): number {
  return level === 5 ? code : ReasonCode.unspecifiedError;
}

describe.each(levels)("rights, level $level", ({ level }) => {
  test("a local client has nothing to do with meetings and $ topics, also not by a wildcard", async () => {
    using broker = new Broker({ authenticate: ({ clientId }) => (clientId === "member" ? everything : LOCAL_GRANT) });
    const everything: Grant = { identity: "member", maxQos: 2, mayPublish: () => true, maySubscribe: () => true };
    const local = await connected(broker, { level, clientId: "local" });
    for (const filter of ["mm/1/room/+/state", "mm/#", "$SYS/#", "$share/g/mm/#", "$share/g/$SYS/#"]) {
      expect(await local.subscribe(filter)).toEqual([refused(level, ReasonCode.notAuthorized)]);
    }
    const member = await connected(broker, { level, clientId: "member" });
    member.publish("mm/1/room/peer/state", "retained", { retain: true });
    expect(await local.subscribe("#")).toEqual([0]);
    expect(await local.subscribe("+/1/room/#")).toEqual([0]);
    expect(await local.subscribe("$share/g/#")).toEqual([0]);
    member.publish("mm/1/room/peer/a/mic", "live");
    member.publish("plain", "live");
    const got = await local.messages();
    expect(new Set(got)).toEqual(new Set(["plain live"]));
    await member.subscribe("#");
    local.publish("mm/1/room/peer/a/mic", "forged");
    local.publish("mm/1/room/peer/state", "", { retain: true });
    local.publish("$SYS/x", "forged");
    expect(await member.messages()).toEqual(["mm/1/room/peer/state retained"]);
    expect(local.isClosed).toBe(false);
    expect(broker.statistics.publishesRefused).toBe(3);
  });

  test("what may not be published ends the connection, unless the grant says otherwise", async () => {
    const grant: Grant = {
      identity: "x",
      maxQos: 1,
      mayPublish: (topic) => topic === "mine",
      maySubscribe: () => true,
    };
    using broker = new Broker({ authenticate: () => grant });
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const client = await connected(broker, { level });
    client.publish("mine", "1");
    client.publish("theirs", "2");
    client.publish("mine", "3");
    expect(await witness.messages()).toEqual(["mine 1"]);
    const goodbyes = (await client.received()).map((packet) => packet.type === "disconnect" && packet.reasonCode);
    expect(goodbyes).toEqual(level === 5 ? [ReasonCode.notAuthorized] : []);
    expect(client.isClosed).toBe(true);
  });

  test("a grant may drop some of what is refused, and end the connection for the rest (D6)", async () => {
    let isMuted = true;
    const grant: Grant = {
      ...{ identity: "x", maxQos: 2, maySubscribe: () => true },
      mayPublish: (topic) => topic === "mine" || (topic === "sound" && !isMuted),
      onRefusedPublish: (topic) => (topic === "sound" ? "drop" : "close"),
    };
    using broker = new Broker({ authenticate: () => grant });
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const client = await connected(broker, { level });
    client.publish("sound", "1");
    client.publish("sound", "2", { qos: 1 });
    client.publish("mine", "3");
    const reason = level === 5 ? ReasonCode.notAuthorized : ReasonCode.success;
    expect(await client.received()).toEqual([expect.objectContaining({ type: "puback", reasonCode: reason })]);
    isMuted = false;
    client.publish("sound", "4");
    expect(await witness.messages()).toEqual(["mine 3", "sound 4"]);
    expect([client.isClosed, broker.statistics.publishesRefused]).toEqual([false, 2]);
    client.publish("theirs", "5");
    await client.received();
    expect([client.isClosed, await witness.messages()]).toEqual([true, []]);
  });

  test("the grant sees the size, QoS and retain flag of what is published", async () => {
    const requests: unknown[] = [];
    const grant: Grant = { ...LOCAL_GRANT, mayPublish: (topic, request) => requests.push([topic, request]) > 0 };
    using broker = new Broker({ authenticate: () => grant });
    const client = await connected(broker, { level });
    client.publish("a", "four", { qos: 1, retain: true });
    expect(requests).toEqual([["a", { qos: 1, retain: true, will: false, payloadBytes: 4 }]]);
  });
});

describe("rights of MQTT 5", () => {
  const level = 5;

  test("decides on the topic behind an alias", async () => {
    const grant: Grant = { ...LOCAL_GRANT, mayPublish: (topic) => topic === "mine", onRefusedPublish: "close" };
    using broker = new Broker({ authenticate: () => grant });
    const client = await connected(broker, { level });
    client.publish("mine", "x", { properties: { topicAlias: 1 } });
    client.publish("", "x", { properties: { topicAlias: 1 } });
    expect(client.isClosed).toBe(false);
    client.publish("theirs", "x", { properties: { topicAlias: 1 } });
    expect(client.isClosed).toBe(true);
  });
});

describe.each(levels)("limits, level $level", ({ level }) => {
  const deep = "a/b/c/d/e/f/g/h/i";
  const long = "x".repeat(257);

  const { topicNameInvalid, malformedPacket } = ReasonCode;

  test.each([
    [deep, topicNameInvalid],
    [long, topicNameInvalid],
    ["a\u0001", malformedPacket],
    ["a\u0085", malformedPacket],
    ["a\uffff", topicNameInvalid],
    ["a\ufdd0", topicNameInvalid],
  ])("the topic %j ends its publisher", async (topic, reasonCode) => {
    using broker = new Broker();
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const client = await connected(broker, { level });
    client.publish(topic, "x");
    const goodbyes = (await client.received()).map((packet) => packet.type === "disconnect" && packet.reasonCode);
    expect(goodbyes).toEqual(level === 5 ? [reasonCode] : []);
    expect(client.isClosed).toBe(true);
    expect(await witness.messages()).toEqual([]);
  });

  test("filters that are too long or too deep are refused; what makes them shared does not count", async () => {
    using broker = new Broker();
    const client = await connected(broker, { level });
    for (const filter of [deep, long, `${deep}/#`, `$share/${long}/a`, `$share/g/${deep}`, "a\uffff/#"]) {
      expect(await client.subscribe(filter)).toEqual([refused(level, ReasonCode.topicFilterInvalid)]);
    }
    expect(await client.subscribe("$share/g/a/b/c/d/e/f/g/#")).toEqual([0]);
  });

  test("a filter with control characters ends the connection, also in UNSUBSCRIBE", async () => {
    using broker = new Broker();
    for (const type of ["subscribe", "unsubscribe"] as const) {
      const client = await connected(broker, { level });
      const filter = "a\u0001/#";
      const subscriptions = [{ filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 }] as const;
      client.send(
        type === "subscribe" ? { type, packetId: 1, subscriptions } : { type, packetId: 1, filters: [filter] },
      );
      expect(client.isClosed).toBe(true);
    }
  });

  test("no more filters in one SUBSCRIBE, and for one client, than the limits", async () => {
    using broker = new Broker({ limits: { maxFiltersPerSubscribe: 2, maxSubscriptionsPerClient: 2 } });
    const client = await connected(broker, { level });
    const quota = refused(level, ReasonCode.quotaExceeded);
    const subscription = (filter: string) =>
      ({ filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 }) as const;
    client.send({ type: "subscribe", packetId: 1, subscriptions: ["a", "b", "c"].map(subscription) });
    expect(await client.only("suback")).toMatchObject({ reasonCodes: [quota, quota, quota] });
    expect(await client.subscribe("a")).toEqual([0]);
    expect(await client.subscribe("b")).toEqual([0]);
    expect(await client.subscribe("c")).toEqual([quota]);
    expect(await client.subscribe("a", { qos: 1 })).toEqual([1]);
    expect(broker.statistics.subscriptions).toBe(2);
  });
});

describe("time limits", () => {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    vi.useFakeTimers({ toFake: ["setInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function pass(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      nowMs += 1000;
      vi.advanceTimersByTime(1000);
    }
  }

  test("a connection without CONNECT is cut after 5 s, also when it sends a byte now and then", async () => {
    using broker = new Broker({ now: () => nowMs });
    const client = new RawClient(broker, { level: 4 });
    for (const byte of [0x10, 0x0d, 0x00, 0x04]) {
      client.sendBytes(Uint8Array.of(byte));
      pass(1);
    }
    expect(client.isClosed).toBe(false);
    pass(1);
    expect(client.stream.ended).toBe("destroyed");
    expect(broker.statistics).toMatchObject({ connections: 0, connectionsRefused: 1 });
  });

  test.each(levels)("keep alive is enforced, also for who asks for none (level $level)", async ({ level }) => {
    using broker = new Broker({ now: () => nowMs, authenticate: () => ({ ...LOCAL_GRANT, keepAliveMaxS: 60 }) });
    const client = await connected(broker, { level, keepAliveS: 0 });
    pass(90);
    expect(client.isClosed).toBe(false);
    pass(1);
    expect(client.isClosed).toBe(true);
    const goodbyes = (await client.received()).map((packet) => packet.type === "disconnect" && packet.reasonCode);
    expect(goodbyes).toEqual(level === 5 ? [ReasonCode.keepAliveTimeout] : []);
  });
});

describe("a fault", () => {
  test("in a function given to the broker ends one connection, never the process", async () => {
    const onError = vi.fn();
    const fault = new Error("a bug");
    const grant: Grant = {
      ...LOCAL_GRANT,
      mayPublish: (topic) => {
        if (topic === "bug") throw fault;
        return true;
      },
    };
    using broker = new Broker({ authenticate: () => grant, onError });
    const other = await connected(broker, { level: 5 });
    await other.subscribe("#");
    const client = await connected(broker, { level: 5 });
    client.publish("bug", "x");
    expect(await client.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.implementationSpecificError });
    expect(onError).toHaveBeenCalledExactlyOnceWith(fault);
    const next = await connected(broker, { level: 5 });
    next.publish("a", "x");
    expect(await other.messages()).toEqual(["a x"]);
    expect(broker.statistics).toMatchObject({ internalErrors: 1, connections: 2 });
  });

  test("of a stream ends that connection, and the will is published", async () => {
    const onError = vi.fn();
    using broker = new Broker({ onError });
    const seen = await connected(broker, { level: 5 });
    await seen.subscribe("#");
    const will = { topic: "a", payload: new TextEncoder().encode("lost"), qos: 0, retain: false } as const;
    const client = await connected(broker, { level: 5, will });
    client.stream.send = () => {
      throw new Error("broken");
    };
    client.send({ type: "pingreq" });
    await turn();
    expect(client.stream.ended).toBe("destroyed");
    expect(onError).toHaveBeenCalled();
    expect(await seen.messages()).toEqual(["a lost"]);
    expect(broker.statistics.connections).toBe(1);
  });

  test("of an event handler does not reach the process either", async () => {
    const onDisconnect = () => {
      throw new Error("a bug");
    };
    using broker = new Broker({ onDisconnect });
    const client = await connected(broker, { level: 5 });
    expect(() => client.lose()).not.toThrow();
    expect(broker.statistics).toMatchObject({ internalErrors: 1, connections: 0, sessions: 0 });
  });
});
