// npm run bench fan-out: how many messages and megabytes the embedded broker delivers for one second of processor time, how late
// they come and what memory it takes, beside mosquitto and Aedes, each in a process of its own, with QoS 0. In every cell of the
// grid the brokers take turns, so that a slower moment of the machine meets all of them.
// --transport tcp|websocket and --rounds N measure less or more.
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { residentBytes } from "../../test/support/processes.ts";
import { median, quantile } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";
import { type RunningBroker, startBrokers } from "./brokers.ts";
import { Load } from "./load.ts";
import { processorSeconds } from "./processor-time.ts";
import { GRID, isCarriable, type Traffic, trafficName } from "./traffic.ts";

const WARM_UP_MS = 700;
const MEASURE_MS = 2000;
const WARM_UP_TRAFFIC = {
  kind: "video",
  publishers: 10,
  subscribers: 50,
  messagesPerS: 80,
  payloadBytes: 1200,
} as const;

const { values: options } = parseArgs({
  options: { transport: { type: "string" }, rounds: { type: "string", default: "1" } },
});
const rounds = Number(options.rounds);

interface Figures {
  readonly perCpuSecond: number;
  readonly megabytesPerCpuSecond: number;
  readonly p99Ms: number;
  readonly residentMegabytes: number;
  readonly delivered: number;
}

/** One broker under one load. */
async function measure(broker: RunningBroker, traffic: Traffic): Promise<Figures> {
  const { pid } = broker.program;
  using load = await Load.open(broker.ports[traffic.transport], traffic);
  load.start();
  await delay(WARM_UP_MS);
  load.delaysMs.length = 0;
  const before = { deliveries: load.deliveries, cpu: processorSeconds(pid) };
  await delay(MEASURE_MS);
  const deliveries = load.deliveries - before.deliveries;
  const perCpuSecond = deliveries / (processorSeconds(pid) - before.cpu);
  const residentMegabytes = residentBytes(pid) / 1e6;
  const p99Ms = quantile(load.delaysMs, 0.99);
  load.stop();
  await delay(200);
  return {
    perCpuSecond,
    megabytesPerCpuSecond: (perCpuSecond * traffic.payloadBytes) / 1e6,
    p99Ms,
    residentMegabytes,
    delivered: load.deliveries / load.expected,
  };
}

/** Node compiles what runs often while it runs, which is not what is measured. */
async function warmUp(): Promise<void> {
  for (const transport of ["tcp", "websocket"] as const) {
    const traffic: Traffic = { ...WARM_UP_TRAFFIC, transport };
    for (const broker of brokers) await measure(broker, traffic);
  }
}

function combine(runs: readonly Figures[]): Figures {
  const middle = (pick: (figures: Figures) => number) => median(runs.map(pick));
  return {
    perCpuSecond: Math.round(middle((run) => run.perCpuSecond)),
    megabytesPerCpuSecond: Math.round(middle((run) => run.megabytesPerCpuSecond)),
    p99Ms: Number(middle((run) => run.p99Ms).toFixed(1)),
    residentMegabytes: Math.round(middle((run) => run.residentMegabytes)),
    delivered: Number(Math.min(...runs.map((run) => run.delivered)).toFixed(3)),
  };
}

function describe(name: string, { perCpuSecond, p99Ms, residentMegabytes, delivered }: Figures): string {
  const loss = delivered > 0.99 ? "" : `, ${Math.round(delivered * 100)} % delivered`;
  return `${name} ${(perCpuSecond / 1000).toFixed(1)} k (p99 ${p99Ms} ms, ${residentMegabytes} MB${loss})`;
}

const brokers = await startBrokers();
await warmUp();
const results: { traffic: Traffic; figures: Record<string, Figures> }[] = [];
for (const traffic of GRID.filter(({ transport }) => (options.transport ?? transport) === transport)) {
  if (!isCarriable(traffic)) continue;
  const runs = new Map<string, Figures[]>(brokers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const broker of brokers) runs.get(broker.name)?.push(await measure(broker, traffic));
  }
  const figures = Object.fromEntries(Array.from(runs, ([name, each]) => [name, combine(each)]));
  results.push({ traffic, figures });
  const text = Object.entries(figures).map(([name, each]) => describe(name, each));
  console.log(`${trafficName(traffic).padEnd(40)} ${text.join("; ")}`);
}
for (const { program } of brokers) await program[Symbol.asyncDispose]();

console.log("(thousands of deliveries per second of the broker's processor time)");
for (const transport of ["tcp", "websocket"] as const) {
  for (const other of ["mosquitto", "Aedes"]) {
    const ratios = results.flatMap(({ traffic, figures }) => {
      const [ours, theirs] = [figures["ours"]?.perCpuSecond, figures[other]?.perCpuSecond];
      return traffic.transport === transport && ours && theirs
        ? [{ name: trafficName(traffic), ratio: ours / theirs }]
        : [];
    });
    if (ratios.length === 0) continue;
    const mean = Math.exp(ratios.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / ratios.length);
    const worst = ratios.reduce((least, each) => (each.ratio < least.ratio ? each : least));
    console.log(
      `${transport}, ours / ${other}: geometric mean ${mean.toFixed(2)}, worst ${worst.ratio.toFixed(2)} (${worst.name})`,
    );
  }
}
writeResult("fan-out", { unit: "deliveries per broker CPU second", rounds, results });
