// Rules that hold for everybody, each with what it refuses and what it lets pass. Those of rooms, which are a grant given
// by the server, are in test/e2e/room-rules.test.ts.
import { ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test, vi } from "vitest";
import { Broker } from "./broker.ts";
import type { Authenticate, Grant } from "./grant.ts";
import { connected, connectPacket, RawClient, will } from "./testing/raw-client.ts";
import { goodbye, grantOf, levels, startClock } from "./testing/rules.ts";

const { now, pass } = startClock();

const ADDRESS = "192.0.2.1";

/** Who knows the password "right" may do everything. */
const byPassword: Authenticate = ({ username = "", password }) =>
  password && new TextDecoder().decode(password) === "right" ? grantOf(username) : undefined;

const credentials = (password: string, username = "somebody") => ({
  username,
  password: new TextEncoder().encode(password),
});

describe.each(levels)("who may do what, level $level", ({ level }) => {
  const on5 = (reasonCode: number) => (level === 5 ? reasonCode : undefined);

  test("T-ACL-1: wrong credentials are refused, right ones are not, and nobody comes in without any", async () => {
    using broker = new Broker({ authenticate: byPassword, now });
    const tryWith = async (options: object) => {
      const client = new RawClient(broker, { level, address: ADDRESS });
      return (await client.connect(options)).reasonCode;
    };
    const refused = level === 5 ? ReasonCode.badUserNameOrPassword : 5;
    expect(await tryWith(credentials("wrong"))).toBe(refused);
    expect(await tryWith({})).toBe(refused);
    expect(await tryWith(credentials("right"))).toBe(0);
    using closed = new Broker({ now });
    const stranger = new RawClient(closed, { level, address: ADDRESS });
    expect((await stranger.connect()).reasonCode).toBe(refused);
  });

  test("T-ACL-1: after five failures within a minute an address is not even asked, others are", async () => {
    const authenticate = vi.fn(byPassword);
    using broker = new Broker({ authenticate, now });
    const tryFrom = async (address: string, password: string) => {
      pass(300);
      return (await new RawClient(broker, { level, address }).connect(credentials(password))).reasonCode;
    };
    for (let attempt = 0; attempt < 5; attempt++) await tryFrom(ADDRESS, "wrong");
    const refused = level === 5 ? ReasonCode.connectionRateExceeded : 3;
    expect(await tryFrom(ADDRESS, "right")).toBe(refused);
    expect(authenticate).toHaveBeenCalledTimes(5);
    expect(await tryFrom("192.0.2.2", "right")).toBe(0);
    pass(12_000);
    expect(await tryFrom(ADDRESS, "right")).toBe(0);
  });

  test("T-ACL-1: who is known and turned away is told so, and that is no failure (A10, D1)", async () => {
    let isOpen = false;
    const authenticate: Authenticate = async (request) => {
      const answer = await byPassword(request);
      return answer && !isOpen ? { refusedWith: ReasonCode.notAuthorized } : answer;
    };
    using broker = new Broker({ authenticate, now });
    const tryWith = async (password: string) => {
      pass(300);
      return (await new RawClient(broker, { level, address: ADDRESS }).connect(credentials(password))).reasonCode;
    };
    const turnedAway = level === 5 ? ReasonCode.notAuthorized : 5;
    for (let attempt = 0; attempt < 20; attempt++) expect(await tryWith("right")).toBe(turnedAway);
    expect(broker.statistics.addressesRefused).toBe(0);
    isOpen = true;
    expect(await tryWith("right")).toBe(0);
    for (let attempt = 0; attempt < 5; attempt++) await tryWith("wrong");
    expect(await tryWith("right")).toBe(level === 5 ? ReasonCode.connectionRateExceeded : 3);
  });

  test("T-ACL-4: what was allowed is checked again at delivery and on resume", async () => {
    let isOpen = true;
    const reader = () =>
      grantOf("reader", { mayReceive: (topic) => isOpen || topic !== "secret", maySubscribe: () => isOpen });
    using broker = new Broker({
      authenticate: ({ clientId }) => (clientId === "reader" ? reader() : grantOf("x")),
      now,
    });
    const options = { level, clientId: "reader", cleanStart: false, properties: { sessionExpiryS: 60 } };
    const client = await connected(broker, options);
    await client.subscribe("#", { qos: 1 });
    const publisher = await connected(broker, { level });
    publisher.publish("secret", "1");
    expect(await client.messages()).toEqual(["secret 1"]);
    isOpen = false;
    publisher.publish("secret", "2");
    publisher.publish("open", "3");
    expect(await client.messages()).toEqual(["open 3"]);
    client.lose();
    publisher.publish("open", "4", { qos: 1 });
    const back = new RawClient(broker, { level });
    back.send(connectPacket(level, options));
    publisher.publish("open", "5");
    expect(await back.messages()).toEqual(["open 4"]); // what waited is still allowed, the filter is not
  });

  test("T-ACL-5: a will is checked at CONNECT, and once more when it is published", async () => {
    let isAllowed = true;
    const mayPublish: Grant["mayPublish"] = (topic, request) => !request.will || (isAllowed && topic === "mine");
    using broker = new Broker({ authenticate: () => grantOf("x", { mayPublish, maxQos: 1 }), now });
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const refused = (await new RawClient(broker, { level }).connect({ will: will("other") })).reasonCode;
    expect(refused).toBe(level === 5 ? ReasonCode.notAuthorized : 5);
    const tooHigh = (await new RawClient(broker, { level }).connect({ will: will("mine", { qos: 2 }) })).reasonCode;
    expect(tooHigh).toBe(level === 5 ? ReasonCode.qosNotSupported : 5);
    (await connected(broker, { level, will: will("mine") })).lose();
    expect(await witness.messages()).toEqual(["mine lost"]);
    const client = await connected(broker, { level, will: will("mine") });
    isAllowed = false;
    client.lose();
    expect(await witness.messages()).toEqual([]);
  });

  test("T-ACL-6: a retained message is delivered for as long as its owner has the right to it", async () => {
    let isMember = true;
    const owner = grantOf("owner", { mayPublish: () => isMember });
    using broker = new Broker({ authenticate: ({ clientId }) => (clientId === "owner" ? owner : grantOf("x")), now });
    const client = await connected(broker, { level, clientId: "owner" });
    client.publish("state", "here", { retain: true });
    const reader = await connected(broker, { level });
    await reader.subscribe("state");
    expect(await reader.messages()).toEqual(["state here"]);
    client.disconnect();
    await reader.subscribe("state");
    expect(await reader.messages()).toEqual(["state here"]);
    isMember = false;
    await reader.subscribe("state");
    expect(await reader.messages()).toEqual([]);
    expect(broker.statistics.retainedMessages).toBe(0);
  });

  test("T-ACL-7: a client id is taken over by the same identity only, and not before it has proved itself", async () => {
    using broker = new Broker({ authenticate: byPassword, now });
    const first = await connected(broker, { level, clientId: "id", ...credentials("right", "ann") });
    const tryAs = async (username: string, password: string) =>
      (await new RawClient(broker, { level }).connect({ clientId: "id", ...credentials(password, username) }))
        .reasonCode;
    expect(await tryAs("ann", "wrong")).toBe(level === 5 ? ReasonCode.badUserNameOrPassword : 5);
    expect(await tryAs("bob", "right")).toBe(level === 5 ? ReasonCode.clientIdentifierNotValid : 2);
    expect(first.isClosed).toBe(false);
    expect(await tryAs("ann", "right")).toBe(0);
    expect(first.isClosed).toBe(true);
    expect(await goodbye(first)).toBe(on5(ReasonCode.sessionTakenOver));
  });
});
