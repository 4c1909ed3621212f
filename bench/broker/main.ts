// npm run bench broker: how many messages the embedded broker delivers for one second of processor time, beside mosquitto and
// Aedes, each in a process of its own, over TCP with QoS 0. The rounds alternate between the brokers, so that a slower moment
// of the machine meets all of them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../test/support/free-port.ts";
import { cpuSeconds } from "../../test/support/processes.ts";
import { Program } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { onPath } from "../../test/support/requirements.ts";
import { median } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";
import { Load, type TrafficShape } from "./load.ts";

const SHAPES: readonly TrafficShape[] = [
  { name: "10 × 80/s × 1.2 kB to 20", publishers: 10, messagesPerS: 80, payloadBytes: 1200, subscribers: 20 },
  { name: "20 × 80/s × 1.2 kB to 50", publishers: 20, messagesPerS: 80, payloadBytes: 1200, subscribers: 50 },
  { name: "1 × 30/s × 40 kB to 20", publishers: 1, messagesPerS: 30, payloadBytes: 40_000, subscribers: 20 },
  { name: "1 × 30/s × 7 kB to 100", publishers: 1, messagesPerS: 30, payloadBytes: 7000, subscribers: 100 },
];
const ROUNDS = 3;
const WARM_UP_MS = 1500;
const MEASURE_MS = 4000;

interface RunningBroker {
  readonly name: string;
  readonly port: number;
  readonly program: Program;
}

async function startNodeBroker(name: string, file: string): Promise<RunningBroker> {
  const program = new Program(process.execPath, [
    ...process.execArgv.filter(isProfiling),
    join(projectRoot, "bench", "broker", file),
  ]);
  return { name, program, port: Number((await program.says(/listening on (\d+)/))[1]) };
}

function isProfiling(argument: string): boolean {
  return argument.startsWith("--cpu-prof");
}

async function startMosquitto(path: string): Promise<RunningBroker> {
  const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-bench-"));
  const port = await freePort();
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n`);
  const program = new Program(path, ["-c", file]);
  await program.says(/running/);
  rmSync(folder, { recursive: true, force: true });
  return { name: "mosquitto", port, program };
}

/** One broker under one load. */
async function measure(
  broker: RunningBroker,
  shape: TrafficShape,
): Promise<{ perCpuSecond: number; delivered: number }> {
  using load = await Load.open(broker.port, shape);
  load.start();
  await delay(WARM_UP_MS);
  const before = { deliveries: load.deliveries, cpu: cpuSeconds(broker.program.pid) };
  await delay(MEASURE_MS);
  const deliveries = load.deliveries - before.deliveries;
  const perCpuSecond = deliveries / (cpuSeconds(broker.program.pid) - before.cpu);
  load.stop();
  await delay(300);
  return { perCpuSecond, delivered: load.deliveries / load.expected };
}

const brokers = [await startNodeBroker("ours", "ours.mjs"), await startNodeBroker("Aedes", "aedes.mjs")];
const mosquitto = onPath("mosquitto");
if (mosquitto) brokers.splice(1, 0, await startMosquitto(mosquitto));
else console.log("mosquitto is not installed: measured without it.");

const results = [];
for (const shape of SHAPES) {
  const figures = new Map(brokers.map(({ name }) => [name, { perCpuSecond: [] as number[], delivered: 1 }]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const broker of brokers) {
      const { perCpuSecond, delivered } = await measure(broker, shape);
      const figure = figures.get(broker.name);
      figure?.perCpuSecond.push(perCpuSecond);
      if (figure) figure.delivered = Math.min(figure.delivered, delivered);
    }
  }
  const line = Array.from(figures, ([broker, { perCpuSecond, delivered }]) => ({
    broker,
    deliveriesPerCpuSecond: Math.round(median(perCpuSecond)),
    delivered,
  }));
  results.push({ shape, brokers: line });
  const text = line.map(
    (each) => `${each.broker} ${Math.round(each.deliveriesPerCpuSecond / 1000)} k${lossNote(each.delivered)}`,
  );
  console.log(`${shape.name.padEnd(26)} ${text.join(", ")}`);
}
for (const { program } of brokers) await program[Symbol.asyncDispose]();
const ratios = results.map(({ brokers: line }) => {
  const of = (name: string) => line.find(({ broker }) => broker === name)?.deliveriesPerCpuSecond ?? Number.NaN;
  return of("ours") / of("mosquitto");
});
if (mosquitto) {
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(
    `ours / mosquitto: ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}; geometric mean ${mean.toFixed(2)}`,
  );
}
console.log("(deliveries per second of the broker's processor time)");
writeResult("broker", { unit: "deliveries per broker CPU second", rounds: ROUNDS, results });

function lossNote(delivered: number): string {
  return delivered > 0.999 ? "" : ` (only ${Math.round(delivered * 100)} % delivered)`;
}
