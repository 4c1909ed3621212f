import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { LOCAL_GRANT } from "@mqtt-meet/broker";
import { type ByteStream, Connection, encodePacket, type Packet, PacketParser } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { afterEach, expect, test, vi } from "vitest";
import { classifyMedia } from "../classify-media.ts";
import { memoryStreams } from "../memory-streams.ts";
import { openBroker } from "../testing/open-broker.ts";
import { Gateway } from "./gateway.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

/** A gateway that lets everybody do everything, as far as this test says. */
function openGateway(url: string, options: { readonly drainTimeoutMs?: number } = {}) {
  const everything = { ...LOCAL_GRANT, mayPublish: () => true, maySubscribe: () => true, mayReceive: () => true };
  const gateway = new Gateway({
    address: { dial: dialUrl(url), username: "gateway", password: "secret" },
    authenticate: ({ username }) => (username === "stranger" ? undefined : everything),
    classify: classifyMedia,
    limits: { ...options },
  });
  cleanUps.push(() => gateway.close());
  return gateway;
}

function connect(gateway: Gateway, options: Partial<ConstructorParameters<typeof Connection>[0]> = {}): Connection {
  const dial = async () => {
    const [inner, outer] = memoryStreams();
    gateway.accept(outer, { local: true });
    return inner;
  };
  const connection = new Connection({ dial, clientId: "me", reconnect: false, ...options });
  cleanUps.push(() => connection.close());
  return connection;
}

/** A broker that answers each packet as the test says, and keeps what it got. */
async function scriptedBroker(level: 4 | 5, answer: (packet: Packet, socket: Socket) => readonly Packet[]) {
  const received: Packet[] = [];
  const server = createServer((socket) => {
    const parser = new PacketParser({ maxPacketBytes: 1e6 });
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      for (const packet of parser.push(new Uint8Array(chunk))) {
        received.push(packet);
        for (const each of answer(packet, socket)) socket.write(encodePacket(each, level));
      }
    });
    cleanUps.push(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());
  return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** A stream whose other end can stop reading. */
class StallingStream implements ByteStream {
  readonly transport = "tcp";
  isStalled = false;
  bufferedBytes = 0;
  onData: ByteStream["onData"];
  onDrain: ByteStream["onDrain"];
  onClose: ByteStream["onClose"];
  readonly #stream: ByteStream;

  constructor(stream: ByteStream) {
    this.#stream = stream;
    stream.onData = (chunk) => this.onData?.(chunk);
    stream.onClose = (error) => this.onClose?.(error);
  }

  send(bytes: Uint8Array): void {
    if (this.isStalled) this.bufferedBytes += bytes.length;
    else this.#stream.send(bytes);
  }

  close(): void {
    this.#stream.close();
  }

  destroy(): void {
    this.#stream.destroy();
  }
}

const welcome: Packet = { type: "connack", sessionPresent: false, reasonCode: 0 };

test("the broker sees the gateway's account, and the client's id, will and keep alive", async () => {
  const broker = await scriptedBroker(5, ({ type }) => (type === "connect" ? [welcome] : []));
  const will = { topic: "a/b", payload: new Uint8Array([1]), qos: 1, retain: true } as const;
  const client = connect(openGateway(broker.url), {
    username: "room",
    password: "proof",
    keepAliveS: 20,
    will: () => will,
  });
  await client.connected();
  expect(broker.received[0]).toMatchObject({ username: "gateway", clientId: "me", keepAliveS: 20, will, level: 5 });
  const { password } = broker.received[0] as { password?: Uint8Array };
  expect(new TextDecoder().decode(password)).toBe("secret");
});

test("who has no rights never reaches the broker", async () => {
  const broker = await scriptedBroker(5, () => [welcome]);
  const client = connect(openGateway(broker.url), { username: "stranger", password: "guess" });
  await expect(client.connected()).rejects.toMatchObject({ code: "bad-credentials" });
  expect(broker.received).toEqual([]);
});

test.each(["refuses", "hangs up"])("a client of MQTT 5 falls back to 3.1.1 when the broker %s", async (how) => {
  const broker = await scriptedBroker(4, (packet, socket) => {
    if (packet.type !== "connect") return [];
    if (packet.level === 4) return [welcome];
    if (how === "hangs up") socket.destroy();
    return how === "refuses" ? [{ ...welcome, reasonCode: 1 }] : [];
  });
  const client = connect(openGateway(broker.url));
  await client.connected();
  expect(client.state).toEqual({ status: "connected", level: 4 });
});

test("a broker that is not there, or does not want the gateway, is no fault of the client", async () => {
  const gone = await scriptedBroker(5, () => []);
  await cleanUps.pop()?.();
  await expect(connect(openGateway(gone.url)).connected()).rejects.toMatchObject({ code: "server-busy" });
  const hostile = await scriptedBroker(5, () => [{ ...welcome, reasonCode: 0x86 }]);
  await expect(connect(openGateway(hostile.url)).connected()).rejects.toMatchObject({ code: "server-busy" });
});

test("the end of either side is the end of the other", async () => {
  const broker = await openBroker();
  cleanUps.push(() => broker.close());
  const gateway = openGateway(broker.url);
  const [watcher, lost] = [connect(gateway, { clientId: "w" }), connect(gateway, { clientId: "l" })];
  const will = { topic: "gone", payload: new Uint8Array([1]), qos: 1, retain: false } as const;
  let cut = (): void => undefined;
  const dial = async (): Promise<ByteStream> => {
    const [inner, outer] = memoryStreams();
    gateway.accept(outer, { local: true });
    cut = () => inner.destroy();
    return inner;
  };
  const topics: string[] = [];
  await watcher.subscribe("gone", ({ topic }) => topics.push(topic), { qos: 1, signal: new AbortController().signal });
  const mortal = connect(gateway, { clientId: "m", dial, will: () => will });
  await Promise.all([mortal.connected(), lost.connected()]);
  cut();
  await vi.waitFor(() => expect(topics).toEqual(["gone"]));
  await broker.close();
  await vi.waitFor(() => expect(lost.state.status).toBe("closed"));
  await vi.waitFor(() => expect(gateway.statistics.connections).toBe(0));
});

test("a subscription that is refused in part is answered filter by filter", async () => {
  const broker = await scriptedBroker(5, (packet) => {
    if (packet.type === "connect") return [welcome];
    if (packet.type !== "subscribe") return [];
    return [{ type: "suback", packetId: packet.packetId, reasonCodes: packet.subscriptions.map(() => 1) }];
  });
  const [inner, outer] = memoryStreams();
  openGateway(broker.url).accept(outer, { local: true });
  const parser = new PacketParser({ maxPacketBytes: 1e6, level: 5, receiver: "client" });
  const answers: Packet[] = [];
  inner.onData = (chunk) => answers.push(...parser.push(chunk));
  inner.send(encodePacket({ type: "connect", level: 5, clientId: "raw", cleanStart: true, keepAliveS: 10 }, 5));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  const tooDeep = "1/2/3/4/5/6/7/8/9";
  const subscriptions = ["a", tooDeep, "b"].map((filter) => ({
    ...{ filter, qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
  })) as Extract<Packet, { type: "subscribe" }>["subscriptions"];
  inner.send(encodePacket({ type: "subscribe", packetId: 9, subscriptions }, 5));
  await vi.waitFor(() => expect(answers[1]).toMatchObject({ packetId: 9, reasonCodes: [1, 0x8f, 1] }));
  expect(broker.received[1]).toMatchObject({ subscriptions: [{ filter: "a" }, { filter: "b" }] });
});

test("a slow viewer loses old media and is cut at last; the broker never waits for it (A8)", async () => {
  const broker = await openBroker();
  cleanUps.push(() => broker.close());
  const gateway = openGateway(broker.url, { drainTimeoutMs: 1000 });
  const [inner, outer] = memoryStreams();
  const slow = new StallingStream(outer);
  gateway.accept(slow, { local: true });
  const viewer = connect(gateway, { clientId: "viewer", dial: async () => inner });
  let seen = 0;
  const signal = new AbortController().signal;
  await viewer.subscribe("mm/1/R/P/v/#", () => seen++, { qos: 0, signal });
  const publisher = connect(gateway, { clientId: "publisher" });
  await publisher.connected();
  const packet = new Uint8Array(20_000);
  const send = () => publisher.send("mm/1/R/P/v/camera/0/0", packet);
  send();
  await vi.waitFor(() => expect(seen).toBe(1));
  slow.isStalled = true;
  await vi.waitFor(
    () => {
      send();
      const { age, room, incomplete } = gateway.statistics.dropped["video-large"];
      expect(age + room + incomplete).toBeGreaterThan(5);
    },
    { timeout: 10_000, interval: 20 },
  );
  expect(gateway.statistics.queuedBytes).toBeLessThan(4 * 1024 * 1024);
  await vi.waitFor(() => expect(gateway.statistics.stalledConnections).toBe(1), { timeout: 10_000 });
  expect(publisher.state.status).toBe("connected");
});
