// What doctor says of each broker that docs/operating.md has a tested configuration for. What is particular about the
// embedded one and mosquitto is in doctor.test.ts.
import { afterAll, expect, test } from "vitest";
import type { RunningBroker } from "../brokers/running-broker.ts";
import { startEjabberd } from "../brokers/start-ejabberd.ts";
import { startNats } from "../brokers/start-nats.ts";
import { startRabbitMq } from "../brokers/start-rabbitmq.ts";
import { mqttMeet } from "../support/program.ts";
import { describeWith, type Requirement } from "../support/requirements.ts";
import { startMosquitto } from "../support/start-mosquitto.ts";
import { startServer } from "../support/start-server.ts";

/** What doctor finds, as far as it decides whether and how meetings work there. */
interface Finding {
  readonly mqtt5: boolean;
  readonly mqtt311: boolean;
  readonly qos1: boolean;
  readonly carriesMeetings: boolean;
  readonly retained: string;
}

const GOOD: Finding = { mqtt5: true, mqtt311: true, qos1: true, carriesMeetings: true, retained: "wildcard" };

const brokers: readonly (readonly [string, readonly Requirement[], () => Promise<RunningBroker>, Finding])[] = [
  ["the embedded broker", [], embedded, GOOD],
  ["mosquitto", ["mosquitto"], mosquitto, GOOD],
  ["NATS", ["NATS"], startNats, { ...GOOD, mqtt5: false }],
  ["RabbitMQ", ["RabbitMQ"], startRabbitMq, { ...GOOD, mqtt5: false, retained: "exact" }],
  ["ejabberd", ["ejabberd"], startEjabberd, GOOD],
];

const lines: string[] = [];

for (const [name, requirements, start, finding] of brokers) {
  describeWith(requirements, name, () => {
    test(`doctor finds that meetings work on ${name}, and what it can do`, async () => {
      await using broker = await start();
      const { code, report, errors } = await examined(broker);
      expect(errors).toBe("");
      expect(code).toBe(0);
      expect(report).toMatchObject(finding);
      expect(report.roundTripMs).toBeGreaterThan(0);
      expect(report.throughputMbps).toBeGreaterThan(1);
      lines.push(`${name}: ${JSON.stringify(report)}`);
    });
  });
}

afterAll(() => console.log(`\n${lines.join("\n")}\n`));

async function examined({ url, account }: RunningBroker) {
  const place = new URL(url);
  if (account) [place.username, place.password] = [account.username, account.password];
  await using program = mqttMeet(["doctor", place.href, "--json"]);
  const { code } = await program.end();
  return { code, errors: program.stderr, report: JSON.parse(program.stdout || "{}") };
}

async function embedded(): Promise<RunningBroker> {
  const server = await startServer();
  const url = `mqtt://127.0.0.1:${server.mqttPort}`;
  return { url, directUrl: url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function mosquitto(): Promise<RunningBroker> {
  const running = await startMosquitto();
  const url = `mqtt://127.0.0.1:${running.port}`;
  return { url, directUrl: url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
