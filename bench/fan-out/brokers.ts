import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../test/support/free-port.ts";
import { Program } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { onPath } from "../../test/support/requirements.ts";
import type { Transport } from "./traffic.ts";

/** A broker in a process of its own. */
export interface RunningBroker {
  readonly name: string;
  readonly ports: Readonly<Record<Transport, number>>;
  readonly program: Program;
}

/** Ours, Aedes, and mosquitto where it is installed. */
export async function startBrokers(): Promise<readonly RunningBroker[]> {
  const mosquitto = onPath("mosquitto");
  if (!mosquitto) console.log("mosquitto is not installed: measured without it.");
  return [
    await startNodeBroker("ours", "ours.mjs"),
    ...(mosquitto ? [await startMosquitto(mosquitto)] : []),
    await startNodeBroker("Aedes", "aedes.mjs"),
  ];
}

async function startNodeBroker(name: string, file: string): Promise<RunningBroker> {
  const profiling = process.execArgv.filter((argument) => argument.startsWith("--cpu-prof"));
  const program = new Program(process.execPath, [...profiling, join(projectRoot, "bench", "fan-out", file)]);
  const [, tcp, websocket] = await program.says(/listening on (\d+) and (\d+)/);
  return { name, program, ports: { tcp: Number(tcp), websocket: Number(websocket) } };
}

async function startMosquitto(path: string): Promise<RunningBroker> {
  const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-bench-"));
  const ports = { tcp: await freePort(), websocket: await freePort() };
  const file = join(folder, "mosquitto.conf");
  const lines = [
    `listener ${ports.tcp} 127.0.0.1`,
    `listener ${ports.websocket} 127.0.0.1`,
    "protocol websockets",
    "allow_anonymous true",
    "persistence false",
    "set_tcp_nodelay true",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const program = new Program(path, ["-c", file]);
  await program.says(/running/);
  rmSync(folder, { recursive: true, force: true });
  return { name: "mosquitto", ports, program };
}
