import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { scheduling } from "./processes.ts";
import { Program } from "./program.ts";

/** How long a look at the machine takes. */
const LOOK_MS = 500;
/** With this share of its processors a machine counts as quiet. */
const QUIET_SHARE = 0.9;
/** An idle machine gets from its host, after a while, what it used up before. */
const REST_MS = 5_000;
/** Nobody waits longer for a quiet machine than this. */
const PATIENCE_MS = 60_000;

/**
 * What the host of a virtual machine gave it of the processor time that it asked for, since this was made: 1 where nobody
 * shares the processors. What can be shown of a rate shrinks with it.
 */
export class ProcessorShare {
  readonly #before = processorTicks();

  /** 0 to 1. */
  get value(): number {
    const { busy, stolen } = processorTicks();
    const [ran, missed] = [busy - this.#before.busy, stolen - this.#before.stolen];
    return ran + missed === 0 ? 1 : ran / (ran + missed);
  }
}

/**
 * With more than this part of their time spent waiting for a processor, programs do not show what they can: what was measured of
 * them in real time is void. With two processors to themselves a publisher, a viewer and a server wait for 33 to 43 % of it, without being any later:
 * each picture wakes several threads at once.
 */
export const MAX_WAITED_PART = 0.55;

/** How long programs were ready and had no processor, since this was made. Linux only. */
export class ProcessorWait {
  readonly #pids: readonly number[];
  readonly #before: { readonly ranNs: number; readonly waitedNs: number };

  constructor(programs: readonly { readonly pid: number }[]) {
    this.#pids = programs.map(({ pid }) => pid);
    this.#before = this.#sum();
  }

  /** The part of their time: 0 on a machine that is their own. */
  get part(): number {
    const { ranNs, waitedNs } = this.#sum();
    const waited = waitedNs - this.#before.waitedNs;
    return waited / (waited + ranNs - this.#before.ranNs);
  }

  #sum(): { ranNs: number; waitedNs: number } {
    const all = this.#pids.map((pid) => scheduling(pid));
    const sum = (of: "ranNs" | "waitedNs") => all.reduce((total, times) => total + times[of], 0);
    return { ranNs: sum("ranNs"), waitedNs: sum("waitedNs") };
  }
}

/** Waits until the machine's processors are its own, up to a minute. */
export async function quietMachine(): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while ((await shareUnderLoad()) < QUIET_SHARE && performance.now() < endMs) await delay(REST_MS);
}

/** Only who asks for the processors sees whether they are given. */
async function shareUnderLoad(): Promise<number> {
  const share = new ProcessorShare();
  const spin = `for (const end = Date.now() + ${LOOK_MS}; Date.now() < end; );`;
  const programs = Array.from({ length: availableParallelism() }, () => new Program(process.execPath, ["-e", spin]));
  await Promise.all(programs.map(({ ended }) => ended));
  return share.value;
}

/** Ticks of all processors, from Linux's /proc/stat: user nice system idle iowait irq softirq steal. Others tell of no host. */
function processorTicks(): { busy: number; stolen: number } {
  if (!existsSync("/proc/stat")) return { busy: 0, stolen: 0 };
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, stolen = 0] = line.split(/\s+/).slice(1).map(Number);
  return { busy: user + nice + system + irq + softIrq, stolen };
}
