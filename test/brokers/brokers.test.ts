import { Broker, listenTcp } from "@mqtt-meet/broker";
import { afterAll, beforeAll, describe } from "vitest";
import { describeWith, type Requirement } from "../support/requirements.ts";
import { startMosquitto } from "../support/start-mosquitto.ts";
import { meetingSuite } from "./meeting-suite.ts";
import { resultsTable } from "./results.ts";
import type { RunningBroker } from "./running-broker.ts";
import { startEjabberd } from "./start-ejabberd.ts";
import { startNats } from "./start-nats.ts";
import { startRabbitMq } from "./start-rabbitmq.ts";
import { openEmbedded, openWay, WAYS } from "./way.ts";

const brokers: readonly (readonly [string, Requirement, () => Promise<RunningBroker>])[] = [
  ["mosquitto", "mosquitto", mosquitto],
  ["NATS", "NATS", startNats],
  ["RabbitMQ", "RabbitMQ", startRabbitMq],
  ["ejabberd", "ejabberd", startEjabberd],
];

describe("the embedded broker", () => {
  describe("direct", () => meetingSuite("embedded", openEmbedded));
  withBroker(embeddedBehindGateway, (broker) =>
    describe("gateway", () => meetingSuite("embedded, gateway", () => openWay("gateway", broker()))),
  );
});

describe.each(brokers)("%s", (name, requirement, start) => {
  describeWith([requirement], name, () =>
    withBroker(start, (broker) =>
      describe.each(WAYS)("%s", (way) => meetingSuite(`${name}, ${way}`, () => openWay(way, broker()))),
    ),
  );
});

afterAll(() => console.log(`\n${resultsTable()}\n`));

/** Runs a suite while a broker runs. */
function withBroker(start: () => Promise<RunningBroker>, suite: (broker: () => RunningBroker) => void): void {
  let broker: RunningBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker?.[Symbol.asyncDispose]());
  suite(() => broker);
}

/** Debian's WebSocket listener takes 400 ms for 20 KB: programs use TCP, browsers the gateway. */
async function mosquitto(): Promise<RunningBroker> {
  const running = await startMosquitto();
  const url = `mqtt://127.0.0.1:${running.port}`;
  return { url, directUrl: url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

async function embeddedBehindGateway(): Promise<RunningBroker> {
  const everything = { maxQos: 2, mayPublish: () => true, maySubscribe: () => true } as const;
  const broker = new Broker({ authenticate: ({ clientId }) => ({ identity: clientId, ...everything }) });
  const listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
  const url = `mqtt://127.0.0.1:${listener.port}`;
  const end = async () => {
    broker.close();
    await listener.close();
  };
  return { url, directUrl: url, [Symbol.asyncDispose]: end };
}
