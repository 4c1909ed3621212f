// Rules that hold for everybody, each with what it refuses and what it lets pass. Those of rooms, which are a grant given
// by the server, are in test/e2e/room-rules.test.ts.
import { type QoS, ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import type { Grant } from "./grant.ts";
import { connected, connectPacket, RawClient, turn, will } from "./testing/raw-client.ts";
import { goodbye, grantOf, levels, startClock } from "./testing/rules.ts";

const { now, pass } = startClock();

describe.each(levels)("what is bounded, level $level", ({ level }) => {
  const on5 = (reasonCode: number) => (level === 5 ? reasonCode : undefined);

  test("T-ACL-9: sizes are refused on the first bytes, and what is just within them passes", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x"), now });
    const early = new RawClient(broker, { level });
    early.sendBytes(Uint8Array.of(0x10, 0x81, 0x80, 0x01)); // announces 16 KiB + 1
    expect(early.isClosed).toBe(true);
    const client = await connected(broker, { level });
    await client.subscribe("#");
    client.publish("t".repeat(256), "x");
    client.publish("a/b/c/d/e/f/g/h", "x");
    expect(await client.messages()).toHaveLength(2);
    client.sendBytes(Uint8Array.of(0x30, 0x81, 0x80, 0x40)); // announces 1 MiB + 1
    expect(await goodbye(client)).toBe(on5(ReasonCode.packetTooLarge));
    expect(client.isClosed).toBe(true);
  });

  test("T-ACL-12: who leaves too much unread that may not be dropped is closed, who acknowledges is served", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x", { rates: "unlimited" }), now });
    const publisher = await connected(broker, { level });
    const good = await connected(broker, { level });
    const full = await connected(broker, { level });
    for (const client of [good, full]) await client.subscribe("a", { qos: 1 });
    for (let count = 0; count < 1000; count++) {
      publisher.publish("a", "x", { qos: 1 });
      const [message] = (await good.received()) as { packetId?: number }[];
      good.send({ type: "puback", packetId: message?.packetId ?? 0, reasonCode: 0 });
    }
    expect(full.isClosed).toBe(false);
    publisher.publish("a", "x", { qos: 1 });
    expect(full.isClosed).toBe(true);
    expect(await goodbye(full)).toBe(on5(ReasonCode.quotaExceeded));
    expect([publisher, good].map((client) => client.isClosed)).toEqual([false, false]);
  });

  test("T-ACL-12: a reader that takes nothing for 10 s is cut, others are not", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x"), now });
    const [reader, stalled] = [await connected(broker, { level }), await connected(broker, { level })];
    for (const client of [reader, stalled]) await client.subscribe("b");
    stalled.stream.isStalled = true;
    reader.publish("b", "x");
    await turn();
    pass(9000);
    expect(stalled.isClosed).toBe(false);
    for (const client of [reader, stalled]) client.send({ type: "pingreq" });
    pass(2000);
    expect([reader.isClosed, stalled.isClosed]).toEqual([false, true]);
  });

  test("T-ACL-13: nobody waits for another: all get the same bytes, while one takes nothing", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x"), now });
    const readers = await Promise.all([1, 2, 3].map(() => connected(broker, { level })));
    for (const reader of readers) await reader.subscribe("a");
    const [stalled, one, other] = readers;
    if (stalled) stalled.stream.isStalled = true;
    const publisher = await connected(broker, { level });
    for (let count = 0; count < 50; count++) {
      publisher.publish("a", "x".repeat(2000));
      await turn();
    }
    expect([await one?.messages(), await other?.messages()].map((messages) => messages?.length)).toEqual([50, 50]);
    expect(one?.stream.sent.at(-1)).toBe(other?.stream.sent.at(-1));
    expect(stalled?.stream.bufferedBytes).toBeLessThan(50_000);
  });

  test("T-ACL-14: a QoS that was not granted ends its publisher, and is lowered for a subscriber", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x", { maxQos: 1 }), now });
    const client = await connected(broker, { level });
    const granted = await Promise.all(([0, 1, 2] as QoS[]).map((qos) => client.subscribe(`${qos}`, { qos })));
    expect(granted).toEqual([[0], [1], [1]]);
    client.publish("1", "x", { qos: 1 });
    expect(await client.messages()).toEqual(["1 x"]);
    client.publish("2", "x", { qos: 2 });
    expect(await goodbye(client)).toBe(on5(ReasonCode.qosNotSupported));
    expect(client.isClosed).toBe(true);
  });

  test("T-ACL-18: at its end the broker says that it is shutting down, and publishes no wills", async () => {
    const broker = new Broker({ authenticate: () => grantOf("x"), now });
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    await connected(broker, { level, will: will("gone") });
    broker.close();
    const packets = await witness.received();
    const expected = level === 5 ? [["disconnect", ReasonCode.serverShuttingDown]] : [];
    expect(packets.map((packet) => [packet.type, packet.type === "disconnect" && packet.reasonCode])).toEqual(expected);
    expect(witness.isClosed).toBe(true);
  });

  test("T-ACL-19: an exception ends the connection that met it, and nothing else", async () => {
    const mayPublish = (topic: string) => {
      if (topic === "bug") throw new Error("a bug");
      return true;
    };
    using broker = new Broker({ authenticate: () => grantOf("x", { mayPublish }), now });
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const client = await connected(broker, { level });
    client.publish("bug", "x");
    expect(client.isClosed).toBe(true);
    const unknown = await connected(broker, { level });
    unknown.sendBytes(Uint8Array.of(0x00, 0x00));
    expect(unknown.isClosed).toBe(true);
    (await connected(broker, { level })).publish("fine", "x");
    expect(await witness.messages()).toEqual(["fine x"]);
    expect(broker.statistics.internalErrors).toBe(1);
  });

  test("T-ACL-20: nothing is kept of what a client may not send: not before CONNECT, not while it is authenticated", async () => {
    let admit = (_grant: Grant | undefined): void => undefined;
    const authenticate = () => new Promise<Grant | undefined>((resolve) => (admit = resolve));
    using broker = new Broker({ authenticate, now });
    const [patient, flooding] = [new RawClient(broker, { level }), new RawClient(broker, { level })];
    flooding.send(connectPacket(level));
    expect(flooding.stream.isPaused).toBe(true);
    for (let count = 0; count < 3 && !flooding.isClosed; count++) flooding.sendBytes(new Uint8Array(64 * 1024));
    expect(flooding.stream.ended).toBe("destroyed");
    patient.send(connectPacket(level), { type: "pingreq" });
    admit(grantOf("x"));
    const types = (await patient.received()).map(({ type }) => type);
    expect(types).toEqual(["connack", "pingresp"]);
  });
});
