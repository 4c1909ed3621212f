import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second of the times in /proc; the kernel fixes it at 100 for what programs see. */
const TICKS_PER_S = 100;

/** Resident memory of a process in bytes, 0 when it is gone. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(read(pid, "status"))?.[1] ?? 0) * 1024;
}

/** Processor seconds of a process and of those of its children that it has waited for. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid);
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0); // utime stime cutime cstime
  return ticks / TICKS_PER_S;
}

/** How long the threads of a process have run, and have been ready and had to wait for a processor, in ns. Linux only. */
export function scheduling(pid: number): { readonly ranNs: number; readonly waitedNs: number } {
  const threads = existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`) : [];
  const times = threads.map((thread) => read(pid, `task/${thread}/schedstat`).split(" ").map(Number));
  const sum = (field: 0 | 1) => times.reduce((total, fields) => total + (fields[field] ?? 0), 0);
  return { ranNs: sum(0), waitedNs: sum(1) };
}

/** The processes that descend from `pid`, itself included. */
export function descendants(pid: number): number[] {
  const found = [pid];
  const parents = new Map(allProcesses().map((child) => [child, Number(statFields(child)[1] ?? 0)]));
  for (let i = 0; i < found.length; i++) {
    for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  }
  return found;
}

/** The processes whose environment holds `text`, other than this one. Finds also those that left their parent and group. */
export function processesWith(text: string): { pid: number; command: string }[] {
  return allProcesses()
    .filter((pid) => pid !== process.pid && read(pid, "environ").split("\0").includes(text))
    .map((pid) => ({ pid, command: read(pid, "cmdline").replaceAll("\0", " ").trim() }))
    .filter(({ command }) => command !== ""); // ended, and not yet collected
}

function allProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fields of /proc/PID/stat from the third on: state, parent, group, … The name before them may hold spaces. */
function statFields(pid: number): string[] {
  const stat = read(pid, "stat");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}
