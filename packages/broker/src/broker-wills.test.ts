import { ReasonCode } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Broker, type BrokerOptions } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, connectPacket, type RawClient, will } from "./testing/raw-client.ts";

const levels = [{ level: 4 }, { level: 5 }] as const;

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

describe.each(levels)("a will, level $level", ({ level }) => {
  async function witness(broker: Broker): Promise<RawClient> {
    const client = await connected(broker, { level });
    await client.subscribe("#");
    return client;
  }

  test("is published when the connection is lost, also retained, but not after a goodbye", async () => {
    using broker = newBroker();
    const seen = await witness(broker);
    const lost = await connected(broker, { level, will: will("a", { retain: true, qos: 1 }) });
    const polite = await connected(broker, { level, will: will("b") });
    lost.lose();
    polite.disconnect();
    expect(await seen.messages()).toEqual(["a lost"]);
    expect(broker.statistics.retainedMessages).toBe(1);
  });

  test("is published when the client breaks the protocol or falls silent", async () => {
    using broker = newBroker();
    const seen = await witness(broker);
    const wrong = await connected(broker, { level, will: will("a") });
    wrong.send(connectPacket(level));
    const silent = await connected(broker, { level, will: will("b"), keepAliveS: 10 });
    expect(await seen.messages()).toEqual(["a lost"]);
    pass(14);
    silent.send({ type: "pingreq" });
    await silent.only("pingresp");
    seen.send({ type: "pingreq" });
    pass(15);
    expect(silent.isClosed).toBe(false);
    pass(1);
    expect(silent.isClosed).toBe(true);
    expect(await seen.messages()).toEqual(["b lost"]);
    expect(broker.statistics.silentConnections).toBe(1);
  });

  test("is checked again when it is published", async () => {
    let isAllowed = true;
    const grant: Grant = { ...LOCAL_GRANT, mayPublish: (_topic, request) => !request.will || isAllowed };
    using broker = newBroker({ authenticate: () => grant });
    const seen = await witness(broker);
    const client = await connected(broker, { level, will: will("a") });
    isAllowed = false;
    client.lose();
    expect(await seen.messages()).toEqual([]);
  });

  test("without delay is published when another connection takes over", async () => {
    using broker = newBroker();
    const seen = await witness(broker);
    await connected(broker, { level, clientId: "me", cleanStart: false, will: will("a") });
    await connected(broker, { level, clientId: "me", cleanStart: false });
    expect(await seen.messages()).toEqual(["a lost"]);
  });
});

describe("a will of MQTT 5", () => {
  const level = 5;

  test("a delayed will waits, is forgotten when the client comes back, and comes when the session ends before", async () => {
    using broker = newBroker();
    const seen = await connected(broker, { level, keepAliveS: 1000 });
    await seen.subscribe("#");
    const connect = (willDelayS: number, sessionExpiryS: number, cleanStart = false) =>
      connected(broker, {
        level,
        clientId: "me",
        cleanStart,
        properties: { sessionExpiryS },
        will: will("a", { willDelayS }),
      });
    (await connect(5, 10)).lose();
    pass(4);
    expect(await seen.messages()).toEqual([]);
    const back = await connect(5, 10);
    pass(5);
    expect(await seen.messages()).toEqual([]);
    back.lose();
    pass(5);
    expect(await seen.messages()).toEqual(["a lost"]);
    (await connect(20, 3)).lose();
    pass(3);
    expect(await seen.messages()).toEqual(["a lost"]);
    (await connect(20, 30)).lose();
    await connect(20, 30, true);
    expect(await seen.messages()).toEqual(["a lost"]);
    await connect(20, 30);
    expect(await seen.messages()).toEqual([]);
    expect(broker.statistics.connections).toBe(2);
  });

  test("DISCONNECT with will publishes it", async () => {
    using broker = newBroker();
    const seen = await connected(broker, { level });
    await seen.subscribe("#");
    const client = await connected(broker, { level, will: will("a") });
    client.disconnect(ReasonCode.disconnectWithWill);
    expect(await seen.messages()).toEqual(["a lost"]);
  });
});
