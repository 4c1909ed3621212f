// Rules that hold for everybody, each with what it refuses and what it lets pass. Those of rooms, which are a grant given
// by the server, are in test/e2e/room-rules.test.ts.
import { ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import type { Authenticate } from "./grant.ts";
import { connected, RawClient } from "./testing/raw-client.ts";
import { goodbye, grantOf, levels, startClock } from "./testing/rules.ts";

const { now, pass } = startClock();

const ADDRESS = "192.0.2.1";

function publishMany(client: RawClient, count: number): void {
  for (let index = 0; index < count; index++) client.publish(client.stream.transport, "x");
}

describe.each(levels)("how much may come, level $level", ({ level }) => {
  const on5 = (reasonCode: number) => (level === 5 ? reasonCode : undefined);

  test("T-ACL-10: CONNECT comes within 5 s, and a client is not silent for longer than it said", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x"), now });
    const mute = new RawClient(broker, { level, address: ADDRESS });
    const client = await connected(broker, { level, keepAliveS: 10, address: ADDRESS });
    pass(4900);
    expect(mute.isClosed).toBe(false);
    pass(600);
    expect(mute.isClosed).toBe(true);
    pass(8000);
    client.send({ type: "pingreq" });
    pass(14_000);
    expect(client.isClosed).toBe(false);
    pass(2000);
    expect(client.isClosed).toBe(true);
    expect(await goodbye(client)).toBe(on5(ReasonCode.keepAliveTimeout));
  });

  test("T-ACL-11: who sends too fast is not read from, then ends; who stays within the rates is served", async () => {
    using broker = new Broker({ authenticate: () => grantOf("x"), now });
    const [calm, wild] = [await connected(broker, { level }), await connected(broker, { level })];
    await calm.subscribe(calm.stream.transport);
    for (let tenth = 0; tenth < 200 && !wild.isClosed; tenth++) {
      publishMany(calm, 30);
      if (!wild.stream.isPaused) publishMany(wild, 300);
      pass(100);
    }
    expect(wild.isClosed).toBe(true);
    expect(await goodbye(wild)).toBe(on5(ReasonCode.messageRateTooHigh));
    expect(calm.isClosed).toBe(false);
    expect(broker.statistics).toMatchObject({ floodedConnections: 1 });
    expect(broker.statistics.throttled).toBeGreaterThan(0);
    expect(await calm.messages()).toHaveLength(broker.statistics.messagesOut);
  });

  test("T-ACL-11: local clients on plain topics have no rates", async () => {
    using broker = new Broker({ now });
    const client = await connected(broker, { level, local: true });
    for (let count = 0; count < 5000; count++) client.publish("a", "x");
    for (let count = 0; count < 300; count++) await client.subscribe("a");
    expect([client.isClosed, client.stream.isPaused]).toEqual([false, false]);
  });

  test("T-ACL-11: many connections of one address, or many too fast, are refused; those of others are not", async () => {
    const perAddress = { maxConnections: 3, connects: { perS: 1, burst: 5 }, failures: { perS: 1, burst: 5 } };
    using broker = new Broker({ authenticate: () => grantOf("x"), now, limits: { perAddress } });
    const from = (address: string) => new RawClient(broker, { level, address });
    const clients = [1, 2, 3, 4].map(() => from(ADDRESS));
    expect(clients.map((client) => client.isClosed)).toEqual([false, false, false, true]);
    expect(from("192.0.2.2").isClosed).toBe(false);
    clients[0]?.lose();
    expect(from(ADDRESS).isClosed).toBe(false);
    clients[1]?.lose();
    expect(from(ADDRESS).isClosed).toBe(true); // five came at once
    pass(1000);
    expect(from(ADDRESS).isClosed).toBe(false);
    expect(broker.statistics.addressesRefused).toBe(2);
  });

  test("T-ACL-11: no more identities of one group than it has room for", async () => {
    const authenticate: Authenticate = ({ username = "" }) =>
      grantOf(username, { group: { name: "room", maxIdentities: 2 } });
    using broker = new Broker({ authenticate, now });
    const tryAs = async (username: string) => {
      const client = new RawClient(broker, { level });
      return { client, reasonCode: (await client.connect({ username })).reasonCode };
    };
    const { client } = await tryAs("a");
    await tryAs("b");
    const refused = level === 5 ? ReasonCode.quotaExceeded : 3;
    expect([(await tryAs("b")).reasonCode, (await tryAs("c")).reasonCode]).toEqual([0, refused]);
    client.disconnect();
    expect((await tryAs("c")).reasonCode).toBe(0);
  });
});
