import { encodePacket, ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test, vi } from "vitest";
import { Broker } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connected, connectPacket, RawClient, turn, will } from "./testing/raw-client.ts";

const levels = [{ level: 4 }, { level: 5 }] as const;

/** What a client of this level is told: a return code of 3.1.1, or a reason code. */
function refusal(level: 4 | 5, codes: { readonly v4: number; readonly v5: number }): number {
  return level === 5 ? codes.v5 : codes.v4;
}

describe.each(levels)("CONNECT, level $level", ({ level }) => {
  test("a local client without credentials is let in", async () => {
    using broker = new Broker();
    const client = new RawClient(broker, { level });
    expect(await client.connect({ clientId: "me" })).toMatchObject({ reasonCode: 0, sessionPresent: false });
    expect(broker.statistics).toMatchObject({ connections: 1, connectionsAccepted: 1, sessions: 1 });
    client.disconnect();
    expect(client.stream.ended).toBe("closed");
    expect(broker.statistics).toMatchObject({ connections: 0, sessions: 0 });
  });

  test("a client from elsewhere, or with credentials that nobody can check, is refused", async () => {
    using broker = new Broker();
    for (const options of [{ local: false }, { username: "me", password: new Uint8Array([1]) }]) {
      const { local = true, ...credentials } = { local: undefined, ...options };
      const client = new RawClient(broker, { level, local });
      const connack = await client.connect(credentials);
      expect(connack.reasonCode).toBe(refusal(level, { v4: 5, v5: ReasonCode.badUserNameOrPassword }));
      expect(client.stream.ended).toBe("closed");
    }
    expect(broker.statistics).toMatchObject({ connections: 0, sessions: 0, connectionsRefused: 2 });
  });

  test("everything before CONNECT, and a second CONNECT, ends the connection", async () => {
    using broker = new Broker();
    const early = new RawClient(broker, { level });
    early.publish("a", "x");
    expect(early.isClosed).toBe(true);
    expect(early.stream.sent).toEqual([]);
    const twice = await connected(broker, { level });
    twice.send(connectPacket(level));
    expect(twice.isClosed).toBe(true);
    expect(broker.statistics.connections).toBe(0);
  });

  test("what follows CONNECT in the same chunk waits for authentication, and is not lost", async () => {
    let letIn: ((grant: Grant) => void) | undefined;
    const authenticate = () => new Promise<Grant>((resolve) => (letIn = resolve));
    using broker = new Broker({ authenticate });
    const client = new RawClient(broker, { level });
    const subscription = { filter: "a", qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    const connect = encodePacket(connectPacket(level), level);
    const subscribe = encodePacket({ type: "subscribe", packetId: 1, subscriptions: [subscription] }, level);
    client.sendBytes(Uint8Array.from([...connect, ...subscribe]));
    client.send({ type: "pingreq" });
    await turn();
    expect(client.stream.isPaused).toBe(true);
    expect(client.stream.sent).toEqual([]);
    letIn?.(LOCAL_GRANT);
    expect((await client.received()).map(({ type }) => type)).toEqual(["connack", "suback", "pingresp"]);
    expect(client.stream.isPaused).toBe(false);
  });

  test("who floods before it is authenticated is cut", async () => {
    using broker = new Broker({ authenticate: () => new Promise<Grant>(() => undefined) });
    const client = new RawClient(broker, { level });
    client.send(connectPacket(level));
    for (let index = 0; index < 20 && !client.isClosed; index++) client.sendBytes(new Uint8Array(16 * 1024));
    expect(client.stream.ended).toBe("destroyed");
  });

  test("a failing authenticator refuses one client and harms nobody else", async () => {
    const onError = vi.fn();
    const failure = new Error("no database");
    for (const authenticate of [
      () => Promise.reject(failure),
      () => {
        throw failure;
      },
    ]) {
      using broker = new Broker({ authenticate, onError });
      const client = new RawClient(broker, { level });
      const connack = await client.connect();
      expect(connack.reasonCode).toBe(refusal(level, { v4: 3, v5: ReasonCode.serverUnavailable }));
      expect(client.isClosed).toBe(true);
      expect(onError).toHaveBeenLastCalledWith(failure);
      expect(broker.statistics).toMatchObject({ internalErrors: 1, connections: 0 });
    }
  });

  test("who is gone before it is authenticated leaves nothing behind", async () => {
    let letIn: ((grant: Grant) => void) | undefined;
    using broker = new Broker({ authenticate: () => new Promise<Grant>((resolve) => (letIn = resolve)) });
    const client = new RawClient(broker, { level });
    client.send(connectPacket(level, { clientId: "me", will: will("a") }));
    client.lose();
    letIn?.(LOCAL_GRANT);
    await turn();
    expect(broker.statistics).toMatchObject({ connections: 0, sessions: 0 });
  });

  test("a will that may not be published is refused at CONNECT", async () => {
    const grant: Grant = {
      ...LOCAL_GRANT,
      maxQos: 1,
      mayPublish: (topic, request) => request.will && topic === "mine",
    };
    using broker = new Broker({ authenticate: () => grant });
    const outcome = async (topic: string, qos: 0 | 2) =>
      (await new RawClient(broker, { level }).connect({ will: will(topic, { qos }) })).reasonCode;
    expect(await outcome("mine", 0)).toBe(0);
    expect(await outcome("theirs", 0)).toBe(refusal(level, { v4: 5, v5: ReasonCode.notAuthorized }));
    expect(await outcome("mine", 2)).toBe(refusal(level, { v4: 5, v5: ReasonCode.qosNotSupported }));
    expect(await outcome("a/b/c/d/e/f/g/h/i", 0)).toBe(refusal(level, { v4: 5, v5: ReasonCode.topicNameInvalid }));
  });

  test("a client id that is too long or holds control characters is refused", async () => {
    using broker = new Broker();
    const connack = await new RawClient(broker, { level }).connect({ clientId: "x".repeat(257) });
    expect(connack.reasonCode).toBe(refusal(level, { v4: 2, v5: ReasonCode.clientIdentifierNotValid }));
    const client = new RawClient(broker, { level });
    client.send(connectPacket(level, { clientId: "a\u0007b" }));
    const answers = (await client.received()).map((packet) => packet.type === "connack" && packet.reasonCode);
    expect(answers).toEqual(level === 5 ? [ReasonCode.clientIdentifierNotValid] : []);
    expect(client.isClosed).toBe(true);
  });

  test("no more connections than the limit", async () => {
    using broker = new Broker({ limits: { maxConnections: 2 } });
    await connected(broker, { level });
    await connected(broker, { level });
    expect(new RawClient(broker, { level }).stream.ended).toBe("destroyed");
    expect(broker.statistics).toMatchObject({ connections: 2, connectionsRefused: 1 });
  });

  test("the broker says goodbye when it ends, and publishes no wills", async () => {
    const broker = new Broker();
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const client = await connected(broker, { level, will: will("a") });
    const undecided = new RawClient(broker, { level });
    broker.close();
    const goodbyes = (await client.received()).map((packet) => packet.type === "disconnect" && packet.reasonCode);
    expect(goodbyes).toEqual(level === 5 ? [ReasonCode.serverShuttingDown] : []);
    expect(await witness.messages()).toEqual([]);
    expect([client.isClosed, witness.isClosed, undecided.isClosed]).toEqual([true, true, true]);
    expect(new RawClient(broker, { level }).isClosed).toBe(true);
  });

  test("tells its owner who comes and goes", async () => {
    const events: string[] = [];
    const authenticate = ({ clientId }: { clientId: string }): Grant => ({
      ...LOCAL_GRANT,
      identity: `user of ${clientId}`,
    });
    using broker = new Broker({
      authenticate,
      onConnect: (client) => events.push(`+ ${client.clientId}, ${client.identity}, ${client.level}`),
      onDisconnect: (client) => events.push(`- ${client.clientId}`),
    });
    const client = await connected(broker, { level, clientId: "me" });
    new RawClient(broker, { level }).lose();
    client.lose();
    expect(events).toEqual([`+ me, user of me, ${level}`, "- me"]);
  });

  test("its owner can end a connection", async () => {
    using broker = new Broker({ onConnect: (client) => client.close(ReasonCode.administrativeAction) });
    const client = new RawClient(broker, { level });
    client.send(connectPacket(level));
    const packets = (await client.received()).map((packet) => [
      packet.type,
      "reasonCode" in packet && packet.reasonCode,
    ]);
    expect(packets).toEqual([
      ["connack", 0],
      ...(level === 5 ? [["disconnect", ReasonCode.administrativeAction]] : []),
    ]);
    expect(client.isClosed).toBe(true);
  });
});

const bytes = (text: string) => Uint8Array.from(text.split(" "), (byte) => Number.parseInt(byte, 16));

describe("CONNECT", () => {
  test("MQTT 3.1.1 without a client id needs a clean session", async () => {
    using broker = new Broker();
    expect((await new RawClient(broker, { level: 4 }).connect()).reasonCode).toBe(0);
    expect((await new RawClient(broker, { level: 4 }).connect({ cleanStart: false })).reasonCode).toBe(2);
  });

  test("MQTT 5 without a client id gets one, and is told what the broker can do", async () => {
    using broker = new Broker();
    const { properties } = await new RawClient(broker, { level: 5 }).connect({ cleanStart: false });
    expect(properties?.assignedClientIdentifier).toMatch(/^auto-[\w-]{16}$/);
    expect(properties).toMatchObject({ receiveMaximum: 1000, maximumPacketBytes: 1024 * 1024, topicAliasMaximum: 32 });
    const { properties: second } = await new RawClient(broker, { level: 5 }).connect({ clientId: "mine" });
    expect(second?.assignedClientIdentifier).toBeUndefined();
  });

  test("keep alive and session expiry are cut to what is granted, and MQTT 5 is told", async () => {
    const grant: Grant = { ...LOCAL_GRANT, keepAliveMaxS: 60, sessionExpiryMaxS: 100, maxQos: 1 };
    using broker = new Broker({ authenticate: () => grant });
    const ask = async (keepAliveS: number, sessionExpiryS: number) =>
      (await new RawClient(broker, { level: 5 }).connect({ clientId: "x", keepAliveS, properties: { sessionExpiryS } }))
        .properties;
    expect(await ask(30, 50)).toMatchObject({ maximumQos: 1 });
    expect(await ask(30, 50)).not.toMatchObject({ serverKeepAliveS: expect.anything() });
    expect(await ask(30, 50)).not.toMatchObject({ sessionExpiryS: expect.anything() });
    expect(await ask(0, 0xffff_ffff)).toMatchObject({ serverKeepAliveS: 60, sessionExpiryS: 100 });
    expect(await ask(61, 101)).toMatchObject({ serverKeepAliveS: 60, sessionExpiryS: 100 });
    expect(await ask(1, 0)).toMatchObject({ serverKeepAliveS: 5 });
  });

  test("who takes no packet of CONNACK's size cannot be served", async () => {
    const onConnect = vi.fn();
    using broker = new Broker({ onConnect });
    const client = new RawClient(broker, { level: 5 });
    client.send(connectPacket(5, { properties: { maximumPacketBytes: 5 } }));
    expect(await client.received()).toMatchObject([{ type: "disconnect", reasonCode: ReasonCode.packetTooLarge }]);
    expect(client.isClosed).toBe(true);
    expect(broker.statistics).toMatchObject({ connections: 0, sessions: 0, connectionsAccepted: 0 });
    expect(onConnect).not.toHaveBeenCalled();
  });

  test("extended authentication is not there", async () => {
    using broker = new Broker();
    const connack = await new RawClient(broker, { level: 5 }).connect({
      properties: { authenticationMethod: "SCRAM" },
    });
    expect(connack.reasonCode).toBe(ReasonCode.badAuthenticationMethod);
    const client = await connected(broker, { level: 5 });
    client.send({ type: "auth", reasonCode: 0x19 });
    expect(await client.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.protocolError });
  });

  test("an unknown level is refused in a form that it understands", async () => {
    using broker = new Broker();
    const future = new RawClient(broker, { level: 5 });
    future.sendBytes(bytes("10 0d 00 04 4d 51 54 54 06 02 00 3c 00 01 61"));
    expect(await future.only("connack")).toMatchObject({ reasonCode: ReasonCode.unsupportedProtocolVersion });
    const ancient = new RawClient(broker, { level: 4 });
    ancient.sendBytes(bytes("10 0d 00 04 4d 51 54 54 02 02 00 3c 00 01 61"));
    expect(await ancient.only("connack")).toMatchObject({ reasonCode: 1 });
  });

  test("MQTT 3.1 is served, and what is not MQTT is just closed", async () => {
    using broker = new Broker();
    const old = new RawClient(broker, { level: 4 });
    old.sendBytes(bytes("10 0f 00 06 4d 51 49 73 64 70 03 02 00 3c 00 01 61"));
    expect(await old.only("connack")).toMatchObject({ reasonCode: 0 });
    const http = new RawClient(broker, { level: 4 });
    http.sendBytes(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    expect([http.isClosed, http.stream.sent.length]).toEqual([true, 0]);
  });

  test("a large packet is refused on its first bytes: 16 KiB before CONNECT, 1 MiB after", async () => {
    using broker = new Broker();
    const early = new RawClient(broker, { level: 5 });
    early.sendBytes(Uint8Array.from([0x10, 0x81, 0x80, 0x01]));
    expect(early.isClosed).toBe(true);
    const client = await connected(broker, { level: 5 });
    client.sendBytes(Uint8Array.from([0x30, 0x80, 0x80, 0x40]));
    expect(await client.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.packetTooLarge });
    expect(client.isClosed).toBe(true);
  });

  test.each([0x20, 0x90, 0xb0, 0xd0])(
    "a packet that only a server sends (0x%s) ends the connection cleanly",
    async (type) => {
      using broker = new Broker();
      const other = await connected(broker, { level: 5 });
      const client = await connected(broker, { level: 5 });
      client.sendBytes(Uint8Array.from(type === 0xd0 ? [type, 0] : [type, 3, 0, 1, 0]));
      expect(await client.only("disconnect")).toMatchObject({ reasonCode: ReasonCode.protocolError });
      other.send({ type: "pingreq" });
      await other.only("pingresp");
      expect(broker.statistics).toMatchObject({ protocolErrors: 1, internalErrors: 0, connections: 1 });
    },
  );
});
