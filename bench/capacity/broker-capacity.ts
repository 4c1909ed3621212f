import { setTimeout as delay } from "node:timers/promises";
import { residentBytes } from "../../test/support/processes.ts";
import { type Server, startServer } from "../../test/support/start-server.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { processorSeconds } from "../fan-out/processor-time.ts";
import { largestThatHolds } from "../support/largest-that-holds.ts";
import { quantile } from "../support/statistics.ts";
import { LightMeeting } from "./light-meeting.ts";
import type { Recording, SizeName } from "./recording.ts";
import { SHAPES, type Shape } from "./shapes.ts";

/** A broker holds so many people when what it adds to their delay is not noticed, and what it drops is not seen. */
export const HOLDS = {
  /** p95 from the write at the sender to the read at the receiver: a quarter of ITU-T G.114's 400 ms for the whole way. */
  p95Ms: 100,
  /** Of all bytes, in per cent. */
  lostPercent: 1,
} as const;

/** p95: a load that sends later than this is itself what the machine cannot do. */
const LOAD_LATE_MS = 50;
const WARM_MS = 1_000;
const MEASURE_MS = 3_000;
/** The server drops what is half a second old; what comes, comes until then. */
const DRAIN_MS = 800;

/** One number of people in one shape. */
export interface BrokerCell {
  readonly people: number;
  readonly deliveriesPerS: number;
  readonly megabitsPerS: number;
  /** Of one processor each, in per cent. */
  readonly serverCpu: number;
  readonly loadCpu: number;
  readonly serverMegabytes: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly lostPercent: number;
  readonly loadLateMs: number;
  readonly holds: boolean;
}

/** What became of one shape. */
export interface ShapeResult {
  readonly shape: string;
  /** The largest number that held, 0 when none did. */
  readonly people: number;
  /** What was tried last above it failed because the load, not the server, had no more processor time. */
  readonly limitedByLoad: boolean;
  readonly cells: readonly BrokerCell[];
}

/** How many people of each shape one server carries on this machine, beside the load. Prints every cell. */
export async function measureBroker(recordings: Readonly<Record<SizeName, Recording>>): Promise<ShapeResult[]> {
  using folder = temporaryFolder();
  await using server = await startServer({ env: { ...process.env, XDG_STATE_HOME: folder.path } }, ["--open-rooms"]);
  const [first] = SHAPES;
  if (first) await measure(server, { shape: first, people: first.from / 2, recording: recordings[first.size] }); // compiles
  const results: ShapeResult[] = [];
  for (const shape of SHAPES) {
    console.log(`\n${shape.name}\n${HEAD}`);
    const cells: BrokerCell[] = [];
    const people = await largestThatHolds(async (count) => {
      const cell = await measure(server, { shape, people: count, recording: recordings[shape.size] });
      cells.push(cell);
      console.log(line(cell));
      return cell.holds;
    }, shape);
    const failed = cells.filter((cell) => !cell.holds).sort((a, b) => a.people - b.people);
    const limitedByLoad = (failed[0]?.loadLateMs ?? 0) > LOAD_LATE_MS;
    results.push({ shape: shape.name, people, limitedByLoad, cells });
    console.log(`holds ${people} people${limitedByLoad ? "; beyond it the load of this bench is late, too" : ""}`);
  }
  return results;
}

async function measure(
  { program: { pid }, port }: Server,
  options: { readonly shape: Shape; readonly people: number; readonly recording: Recording },
): Promise<BrokerCell> {
  using meeting = await LightMeeting.open(port, options);
  meeting.start();
  await delay(WARM_MS);
  const { pictures, sounds } = meeting.delaysMs;
  for (const series of [pictures, sounds, meeting.lateMs]) series.length = 0;
  const before = { deliveries: meeting.deliveries, server: processorSeconds(pid), load: process.cpuUsage() };
  const bytesBefore = meeting.bytes.received;
  const beganMs = performance.now();
  await delay(MEASURE_MS);
  const seconds = (performance.now() - beganMs) / 1000;
  const load = process.cpuUsage(before.load);
  const figures = {
    people: options.people,
    deliveriesPerS: Math.round((meeting.deliveries - before.deliveries) / seconds),
    megabitsPerS: rounded(((meeting.bytes.received - bytesBefore) * 8) / 1e6 / seconds),
    serverCpu: Math.round(((processorSeconds(pid) - before.server) / seconds) * 100),
    loadCpu: Math.round(((load.user + load.system) / 1e6 / seconds) * 100),
    serverMegabytes: Math.round(residentBytes(pid) / 1e6),
  };
  meeting.stop();
  await delay(DRAIN_MS);
  const delays = [...pictures, ...sounds];
  const { received, expected } = meeting.bytes;
  const [p50Ms, p95Ms] = [rounded(quantile(delays, 0.5)), rounded(quantile(delays, 0.95))];
  const lostPercent = rounded(Math.max(0, 1 - received / expected) * 100, 2);
  const loadLateMs = rounded(quantile(meeting.lateMs, 0.95));
  const holds = p95Ms <= HOLDS.p95Ms && lostPercent <= HOLDS.lostPercent && loadLateMs <= LOAD_LATE_MS;
  return { ...figures, p50Ms, p95Ms, lostPercent, loadLateMs, holds };
}

const HEAD = [
  "| people | deliveries/s | Mbit/s | server, % of a processor | MB | p50 ms | p95 ms | lost % | load, % of a processor | late ms |",
  "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
].join("\n");

function line(cell: BrokerCell): string {
  const { people, deliveriesPerS, megabitsPerS, serverCpu, serverMegabytes, p50Ms, p95Ms } = cell;
  const own = [people, deliveriesPerS, megabitsPerS, serverCpu, serverMegabytes, p50Ms, p95Ms, cell.lostPercent];
  return `| ${[...own, cell.loadCpu, cell.loadLateMs].join(" | ")} |${cell.holds ? "" : " too many"}`;
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
