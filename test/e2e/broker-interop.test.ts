import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { acceptWebSockets, Broker, type Listener, listenTcp } from "@mqtt-meet/broker";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith, python } from "../support/requirements.ts";

const HOST = "127.0.0.1";

let broker: Broker;
let tcp: Listener;
let http: Server;
let webSocketPort = 0;

beforeAll(async () => {
  broker = new Broker();
  tcp = await listenTcp(broker, { host: HOST, port: 0 });
  const acceptor = acceptWebSockets(broker, { isLocal: () => true });
  http = createServer().on("upgrade", acceptor.handleUpgrade).listen(0, HOST);
  await once(http, "listening");
  webSocketPort = (http.address() as AddressInfo).port;
});

afterAll(async () => {
  expect(broker.statistics).toMatchObject({ internalErrors: 0, overflowedConnections: 0, stalledConnections: 0 });
  broker.close();
  await tcp.close();
  http.close();
});

const transports = ["TCP", "WebSocket"] as const;
const versions = [4, 5] as const;
const combinations = transports.flatMap((transport) => versions.map((version) => [transport, version] as const));

describe.each(combinations)("MQTT.js over %s, level %i", (transport, version) => {
  async function connect(options: IClientOptions = {}): Promise<MqttClient & AsyncDisposable> {
    const url = transport === "TCP" ? `mqtt://${HOST}:${tcp.port}` : `ws://${HOST}:${webSocketPort}/mqtt`;
    const client = await connectAsync(url, { protocolVersion: version, reconnectPeriod: 0, ...options });
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.endAsync(true) });
  }

  /** Collects what comes until `count` messages are there. */
  function messages(client: MqttClient, count: number): Promise<{ text: string; qos: number; retain: boolean }[]> {
    const got: { text: string; qos: number; retain: boolean }[] = [];
    return new Promise((resolve) => {
      client.on("message", (_topic, payload, { qos, retain }) => {
        got.push({ text: payload.toString(), qos, retain });
        if (got.length === count) resolve(got);
      });
    });
  }

  test.each([0, 1, 2] as const)("300 messages with QoS %i arrive in order", async (qos) => {
    await using subscriber = await connect();
    await using publisher = await connect();
    const topic = `js/${transport}/${version}/${qos}`;
    expect(await subscriber.subscribeAsync(topic, { qos })).toMatchObject([{ topic, qos }]);
    const arrived = messages(subscriber, 300);
    for (let index = 0; index < 300; index++) publisher.publish(topic, String(index), { qos });
    const got = await arrived;
    expect(got.map(({ text }) => text)).toEqual(Array.from({ length: 300 }, (_, index) => String(index)));
    expect(got.every((message) => message.qos === qos)).toBe(true);
  });

  test("a large retained message, and the end of a subscription", async () => {
    await using client = await connect();
    const topic = `js/${transport}/${version}/retained`;
    await client.publishAsync(topic, "x".repeat(900_000), { retain: true, qos: 1 });
    const arrived = messages(client, 1);
    await client.subscribeAsync(topic);
    const [message] = await arrived;
    expect(message?.retain).toBe(true);
    expect(message?.text).toHaveLength(900_000);
    await client.unsubscribeAsync(topic);
    await client.publishAsync(topic, "", { retain: true, qos: 1 });
    expect(broker.statistics.retainedMessages).toBe(0);
  });

  test("a will, when the connection breaks", async () => {
    await using witness = await connect();
    const topic = `js/${transport}/${version}/will`;
    await witness.subscribeAsync(topic);
    const arrived = messages(witness, 1);
    const client = await connect({ will: { topic, payload: Buffer.from("lost"), qos: 0, retain: false } });
    client.on("error", () => undefined);
    client.stream.destroy();
    expect(await arrived).toMatchObject([{ text: "lost" }]);
  });

  test("a session that goes on", async () => {
    const session = { clientId: `js-${transport}-${version}`, clean: false, properties: { sessionExpiryInterval: 60 } };
    const topic = `js/${transport}/${version}/session`;
    const first = await connect(session);
    await first.subscribeAsync(topic, { qos: 1 });
    await first.endAsync();
    await using publisher = await connect();
    await publisher.publishAsync(topic, "meanwhile", { qos: 1 });
    const url = transport === "TCP" ? `mqtt://${HOST}:${tcp.port}` : `ws://${HOST}:${webSocketPort}/mqtt`;
    const again = (await import("mqtt")).connect(url, { protocolVersion: version, reconnectPeriod: 0, ...session });
    expect(await messages(again, 1)).toMatchObject([{ text: "meanwhile", qos: 1 }]);
    await again.unsubscribeAsync(topic);
    await again.endAsync();
  });

  test("is refused what it may not have, and lives on", async () => {
    await using client = await connect();
    await expect(client.subscribeAsync("$SYS/#")).rejects.toThrow();
    expect(client.connected).toBe(true);
  });
});

test("the interoperability of WebSockets ends where it must: sub-protocol and origin", async () => {
  const status = async (headers: Record<string, string>) => {
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
    const key = { "Sec-WebSocket-Key": Buffer.alloc(16).toString("base64") };
    const { request } = await import("node:http");
    return new Promise<number | undefined>((resolve, reject) => {
      const sent = request({ host: HOST, port: webSocketPort, headers: { ...upgrade, ...key, ...headers } });
      sent.on("response", (response) => resolve(response.resume().statusCode));
      sent.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
      sent.on("error", reject).end();
    });
  };
  const mqtt = { "Sec-WebSocket-Protocol": "mqtt" };
  const own = `${HOST}:${webSocketPort}`;
  expect(await status(mqtt)).toBe(101);
  expect(await status({ ...mqtt, Origin: `http://${own}` })).toBe(101);
  expect(await status({ ...mqtt, Origin: "https://evil.example" })).toBe(403);
  expect(await status({ ...mqtt, Origin: "null" })).toBe(403);
  expect(await status({})).toBe(400);
  expect(await status({ "Sec-WebSocket-Protocol": "chat" })).toBe(400);
});

describeWith(["mosquitto"], "mosquitto_pub and mosquitto_sub", () => {
  const place = (topic: string) => ["-h", HOST, "-p", String(tcp.port), "-t", topic];

  /** Resolves when the broker has the subscription; the program itself says so only after a while. */
  async function subscribe(topic: string, args: readonly string[]): Promise<Program> {
    const { subscriptions } = broker.statistics;
    const program = new Program("mosquitto_sub", [...place(topic), ...args]);
    await expect.poll(() => broker.statistics.subscriptions).toBe(subscriptions + 1);
    return program;
  }

  async function publish(topic: string, args: readonly string[], input?: string): Promise<void> {
    const program = new Program("mosquitto_pub", [...place(topic), ...args], input === undefined ? {} : { input });
    expect(await program.end(), program.said).toMatchObject({ code: 0 });
  }

  describe.each(["mqttv31", "mqttv311", "mqttv5"])("with %s", (version) => {
    test.each(["0", "1", "2"])("2,000 lines with QoS %s", async (qos) => {
      const topic = `pub/${version}/${qos}`;
      const options = ["-V", version, "-q", qos];
      await using subscriber = await subscribe(topic, [...options, "-C", "2000", "-F", "got %p"]);
      const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
      await publish(topic, [...options, "-l"], lines.join("\n"));
      expect(await subscriber.end(), subscriber.stderr).toMatchObject({ code: 0 });
      const got = subscriber.stdout.split("\n").filter((line) => line.startsWith("got "));
      expect(got).toEqual(lines.map((line) => `got ${line}`));
    });

    test("retained messages and wills", async () => {
      const topic = `pub/${version}/retained`;
      await publish(topic, ["-V", version, "-q", "1", "-r", "-m", "kept"]);
      await using reader = new Program("mosquitto_sub", [...place(topic), "-V", version, "-C", "1", "-F", "got %r %p"]);
      await reader.says(/got 1 kept/);
      await publish(topic, ["-V", version, "-r", "-n"]);
      await using witness = await subscribe(`pub/${version}/will`, ["-V", version, "-C", "1", "-F", "got %p"]);
      const will = ["--will-topic", `pub/${version}/will`, "--will-payload", "lost"];
      await using client = await subscribe("nothing", ["-V", version, ...will]);
      client.signal("SIGKILL");
      await witness.says(/got lost/);
    });
  });

  test("a file as large as a packet may be, over a shared subscription", async () => {
    await using subscriber = await subscribe("$share/group/pub/file", ["-V", "mqttv5", "-C", "1", "-F", "got %l"]);
    await publish("pub/file", ["-s"], "x".repeat(1_000_000));
    await subscriber.says(/got 1000000/);
  });

  test("mosquitto_rr: a request and its answer", async () => {
    await using answerer = await subscribe("pub/ask", ["-V", "mqttv5", "-C", "1", "-F", "answer to %R"]);
    const args = ["-h", HOST, "-p", String(tcp.port), "-t", "pub/ask", "-e", "pub/answer", "-m", "?", "-W", "10"];
    await using asker = new Program("mosquitto_rr", ["-V", "mqttv5", ...args]);
    await answerer.says(/answer to pub\/answer/);
    await publish("pub/answer", ["-m", "fine"]);
    await asker.says(/fine/);
  });
});

describeWith(["Python with cv2 and paho"], "Python's paho-mqtt", () => {
  test.each(combinations)("over %s, level %i", async (transport, version) => {
    const [name, port] = transport === "TCP" ? ["tcp", tcp.port] : ["websockets", webSocketPort];
    const script = join(projectRoot, "test/e2e/broker-interop.py");
    await using client = new Program(python ?? "python3", [script, HOST, String(port), name, String(version)]);
    expect(await client.end(), client.said).toMatchObject({ code: 0 });
    expect(client.stdout).toContain("done");
  });
});
