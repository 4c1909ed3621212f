import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../test/support/project-root.ts";

/** Keeps what a bench measured as bench/results/NAME.json, with the machine it ran on. */
export function writeResult(name: string, result: object): void {
  const folder = join(projectRoot, "bench", "results");
  mkdirSync(folder, { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, platform: process.platform };
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, ...result }, null, 2)}\n`);
  console.log(`(written to bench/results/${name}.json)`);
}
