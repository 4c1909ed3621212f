// The other MQTT clients that pages use, with our broker: paho-mqtt.js (3.1.1 over WebSocket), u8-mqtt (3.1.1 and 5).
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { acceptWebSockets, Broker, type Listener, listenTcp } from "@mqtt-meet/broker";
import { Client, Message } from "paho-mqtt";
import { mqtt_v4, mqtt_v5, type U8Client } from "u8-mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";

const HOST = "127.0.0.1";
const COUNT = 200;
const numbers = Array.from({ length: COUNT }, (_, i) => String(i));

let broker: Broker;
let tcp: Listener;
let http: Server;
let webSocketUrl = "";

beforeAll(async () => {
  Object.assign(globalThis, { WebSocket }); // paho-mqtt.js takes the page's own
  broker = new Broker();
  tcp = await listenTcp(broker, { host: HOST, port: 0 });
  http = createServer().on("upgrade", acceptWebSockets(broker, { isLocal: () => true }).handleUpgrade);
  await once(http.listen(0, HOST), "listening");
  webSocketUrl = `ws://${HOST}:${(http.address() as AddressInfo).port}/mqtt`;
});

afterAll(async () => {
  expect(broker.statistics).toMatchObject({ internalErrors: 0, overflowedConnections: 0, stalledConnections: 0 });
  broker.close();
  await tcp.close();
  http.close();
});

/** A connected paho-mqtt.js, which notes what comes. */
async function paho(id: string, options: { will?: Message } = {}): Promise<{ client: Client; got: Message[] }> {
  const client = new Client(webSocketUrl, id);
  const got: Message[] = [];
  client.onMessageArrived = (message) => got.push(message);
  await new Promise<void>((resolve, reject) => {
    const { will } = options;
    const onFailure = (error: { errorMessage: string }) => reject(new Error(error.errorMessage));
    client.connect({ onSuccess: () => resolve(), onFailure, ...(will ? { willMessage: will } : {}) });
  });
  return { client, got };
}

function message(topic: string, text: string, rest: Partial<Pick<Message, "qos" | "retained">> = {}): Message {
  return Object.assign(new Message(text), { destinationName: topic, ...rest });
}

const subscribed = (client: Client, topic: string, qos: 0 | 1 | 2) =>
  new Promise<void>((resolve) => client.subscribe(topic, { qos, onSuccess: () => resolve() }));

test.each([0, 1, 2] as const)("paho-mqtt.js: 200 messages with QoS %i arrive once and in order", async (qos) => {
  const [sender, receiver] = [await paho(`sender-${qos}`), await paho(`receiver-${qos}`)];
  await subscribed(receiver.client, `paho/${qos}`, qos);
  for (const text of numbers) sender.client.send(message(`paho/${qos}`, text, { qos }));
  await expect.poll(() => receiver.got.length).toBe(COUNT);
  expect(receiver.got.map((got) => got.payloadString)).toEqual(numbers);
  expect(receiver.got.every((got) => got.qos === qos)).toBe(true);
  sender.client.disconnect();
  receiver.client.disconnect();
});

test("paho-mqtt.js: what is retained comes to who asks later, and a will when somebody is cut off", async () => {
  const will = message("paho/will", "gone");
  const [mortal, witness] = [await paho("mortal", { will }), await paho("witness")];
  mortal.client.send(message("paho/kept", "kept", { qos: 1, retained: true }));
  await expect.poll(() => broker.statistics.retainedMessages).toBe(1);
  await subscribed(witness.client, "paho/+", 1);
  await expect
    .poll(() => witness.got.map(({ payloadString, retained }) => [payloadString, retained]))
    .toEqual([["kept", true]]);
  // Another connection with its name takes its place, as after a break that it did not notice.
  const heir = await paho("mortal");
  await expect.poll(() => witness.got.at(-1)?.payloadString).toBe("gone");
  heir.client.send(message("paho/kept", "", { retained: true }));
  await expect.poll(() => broker.statistics.retainedMessages).toBe(0);
  heir.client.disconnect();
  witness.client.disconnect();
});

const ways = [
  ["3.1.1 over TCP", () => mqtt_v4().with_tcp(`mqtt://${HOST}:${tcp.port}`)],
  ["5 over TCP", () => mqtt_v5().with_tcp(`mqtt://${HOST}:${tcp.port}`)],
  ["3.1.1 over WebSocket", () => mqtt_v4().with_websock(new WebSocket(webSocketUrl, ["mqtt"]))],
  ["5 over WebSocket", () => mqtt_v5().with_websock(new WebSocket(webSocketUrl, ["mqtt"]))],
] as const satisfies readonly (readonly [string, () => U8Client])[];

// Its QoS 0 fails by itself: version 0.6.7 keeps the number of a packet that has none.
test.each(ways)("u8-mqtt, %s: messages with QoS 1 arrive in order, and what is retained", async (name, open) => {
  const topic = `u8/${name.replaceAll(" ", "-")}`;
  const [sender, receiver] = [open(), open()];
  for (const client of [sender, receiver]) client.log_conn = () => undefined; // it prints all that happens
  await sender.connect({ client_id: `${name}, sender` });
  await receiver.connect({ client_id: `${name}, receiver` });
  await sender.store(`${topic}/kept`, "kept");
  const [counted, kept]: [string[], string[]] = [[], []];
  await receiver.subscribe_topic(`${topic}/counted`, (packet) => counted.push(packet.utf8()));
  await receiver.subscribe_topic(`${topic}/kept`, (packet) => kept.push(packet.utf8()));
  for (const text of numbers) await sender.send(`${topic}/counted`, text);
  await expect.poll(() => counted.length).toBe(COUNT);
  expect(counted).toEqual(numbers);
  await expect.poll(() => kept).toEqual(["kept"]);
  await sender.store(`${topic}/kept`, "");
  await sender.disconnect();
  await receiver.disconnect();
});
