import { spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { cpuSeconds, descendants } from "../../test/support/processes.ts";
import type { StampPlace, VirtualDisplay } from "../../test/support/virtual-display.ts";
import { quantile } from "../support/statistics.ts";

/** What one run of one system came to. */
export interface Measurement {
  /** From a picture that was read from the clip to its number in the display's pixels. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  /** Processor time of all its processes, broker included, by time. */
  readonly cpuSecondsPerSecond: number;
  /** Into and out of the broker's sockets. */
  readonly bytesPerSecond: number;
  readonly shown: number;
  readonly captured: number;
  /** Likeness of the decoded pictures to the clip's, NaN where another run measures it. */
  readonly ssim: number;
}

/** What runs. */
export interface Running {
  readonly display: VirtualDisplay;
  /** Their children belong to them. */
  readonly pids: readonly number[];
  /** The broker's ports. */
  readonly ports: readonly number[];
  /** When picture n was read from the clip, in milliseconds of the Unix epoch. Asked at the end. */
  capturedMs(number: number): number | undefined;
}

/** How often the display is looked at: fine enough for milliseconds, and hardly any processor time. */
const LOOK_EVERY_MS = 3;

/** Waits until pictures are displayed, then measures for `seconds`. */
export async function measure(running: Running, { seconds }: { seconds: number }): Promise<Omit<Measurement, "ssim">> {
  const { display, pids, ports } = running;
  const place = await placeOf(display);
  await watchDisplay(display, place, 5_000); // warm
  const cpuBefore = cpuOf(pids);
  const bytesBefore = bytesOf(ports);
  const beganMs = Date.now();
  const shownMs = await watchDisplay(display, place, seconds * 1000);
  const took = (Date.now() - beganMs) / 1000;
  const cpu = cpuOf(pids) - cpuBefore;
  const bytes = bytesOf(ports) - bytesBefore;
  const latencies = [...shownMs].flatMap(([number, atMs]) => {
    const capturedMs = running.capturedMs(number);
    return capturedMs === undefined ? [] : [atMs - capturedMs];
  });
  if (latencies.length < seconds) throw new Error(`Only ${latencies.length} pictures were seen in ${seconds} s.`);
  return {
    latencyMs: { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95) },
    cpuSecondsPerSecond: cpu / took,
    bytesPerSecond: bytes / took,
    shown: shownMs.size,
    captured: Math.round(took * 30),
  };
}

async function placeOf(display: VirtualDisplay): Promise<StampPlace> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const place = display.findStamp();
    if (place) return place;
    await delay(100);
  }
  throw new Error("No stamped picture came to the display in half a minute.");
}

async function watchDisplay(display: VirtualDisplay, place: StampPlace, forMs: number): Promise<Map<number, number>> {
  const shownMs = new Map<number, number>();
  for (const endMs = Date.now() + forMs; Date.now() < endMs; await delay(LOOK_EVERY_MS)) {
    const number = display.readStampAt(place);
    if (number !== undefined && !shownMs.has(number)) shownMs.set(number, performance.timeOrigin + performance.now());
  }
  return shownMs;
}

function cpuOf(pids: readonly number[]): number {
  return pids.flatMap(descendants).reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

/** The kernel's own count for every open connection of these ports. */
function bytesOf(ports: readonly number[]): number {
  const filter = ports.flatMap((port, i) => [...(i > 0 ? ["or"] : []), "sport", "=", `:${port}`]);
  const { stdout } = spawnSync("ss", ["-tinH", "state", "established", "(", ...filter, ")"], { encoding: "utf8" });
  return [...stdout.matchAll(/bytes_(?:sent|received):(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}
