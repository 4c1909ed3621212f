import { setTimeout as delay } from "node:timers/promises";
import { Connection, type Dial, webSocketDial } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import mqtt from "mqtt";
import WebSocket from "ws";
import { startStubBroker } from "./stub-broker.ts";

const PUBLISHES = 20;
const INTERVAL_MS = 33;
/** Sent before, so that no compiler runs in what is measured. */
const WARM_UP = 50;
const PAYLOAD = new Uint8Array(20_000).fill(7);

/** What became of {@link PUBLISHES} messages of 20,000 bytes, one every 33 ms. */
export interface Delivery {
  readonly client: string;
  readonly publishes: number;
  /** WebSocket messages that they came in. */
  readonly frames: number;
  /** From the first publish to the first frame. */
  readonly firstMs: number;
}

interface Client {
  publish(): void;
  end(): Promise<void>;
}

async function deliver(name: string, connect: (url: string) => Promise<Client>): Promise<Delivery> {
  using broker = await startStubBroker();
  const client = await connect(broker.url);
  for (let index = 0; index < WARM_UP; index++) client.publish();
  while (broker.published() < WARM_UP) await delay(50);
  await delay(100);
  broker.frameTimes.length = 0;
  const start = performance.now();
  for (let index = 0; index < PUBLISHES; index++) {
    client.publish();
    await delay(INTERVAL_MS);
  }
  for (let tries = 0; tries < 100 && broker.published() < WARM_UP + PUBLISHES; tries++) await delay(50);
  const { frameTimes } = broker;
  const result = { frames: frameTimes.length, firstMs: (frameTimes[0] ?? Number.NaN) - start };
  await client.end();
  return { client: name, publishes: broker.published() - WARM_UP, ...result };
}

async function ours(dial: Dial): Promise<Client> {
  const connection = new Connection({ dial, clientId: "bench" });
  await connection.connected();
  return { publish: () => void connection.send("bench/topic", PAYLOAD), end: () => connection.close() };
}

async function theirs(connect: typeof mqtt.connectAsync, url: string): Promise<Client> {
  const client = await connect(url, {
    clientId: "bench",
    protocolVersion: 5,
    reconnectPeriod: 0,
    timerVariant: "native",
  });
  const payload = Buffer.from(PAYLOAD);
  return { publish: () => void client.publish("bench/topic", payload), end: () => client.endAsync(true) };
}

/** Both clients in Node, over WebSocket. */
export async function compareInNode(): Promise<Delivery[]> {
  return [
    await deliver("ours in Node", (url) => ours(dialUrl(url))),
    await deliver("MQTT.js in Node", (url) => theirs(mqtt.connectAsync, url)),
  ];
}

/**
 * Both clients as a browser runs them, in a hidden tab: browsers then let no timer fire sooner than after a second.
 * Changes the process's timers and is the last thing to do.
 */
export async function compareInHiddenTab(): Promise<Delivery[]> {
  Object.assign(globalThis, { WebSocket, document: {}, window: globalThis, navigator: {} });
  const original = globalThis.setTimeout;
  const throttled = (callback: () => void, ms = 0, ...rest: unknown[]) =>
    original(callback, Math.max(ms, 1000), ...(rest as []));
  Object.assign(globalThis, { setTimeout: Object.assign(throttled, original) });
  const file = new URL("../../node_modules/mqtt/dist/mqtt.esm.js", import.meta.url).href;
  const browserBuild = (await import(file)) as { readonly default: typeof mqtt };
  return [
    await deliver("ours, hidden tab", (url) => ours(webSocketDial(url))),
    await deliver("MQTT.js, hidden tab", (url) => theirs(browserBuild.default.connectAsync, url)),
  ];
}
