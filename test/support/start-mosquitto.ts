import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { Program } from "./program.ts";
import { onPath } from "./requirements.ts";

/** A running mosquitto on a free port of the loopback interface. Disposing of it ends it. */
export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  /** A topic of it, as TARGET. */
  topic(name: string): string;
}

/** Starts mosquitto; with `user`, only for who knows the password. */
export async function startMosquitto({ user }: { user?: { name: string; password: string } } = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-mosquitto-"));
  const port = await freePort();
  const lines = [`listener ${port} 127.0.0.1`, "persistence false", "set_tcp_nodelay true"];
  if (process.getuid?.() === 0) lines.push("user root"); // otherwise it changes to one that cannot read the password file
  if (user) {
    const passwords = join(folder, "passwords");
    writeFileSync(passwords, `${user.name}:${user.password}\n`, { mode: 0o600 });
    spawnSync(onPath("mosquitto_passwd") ?? "mosquitto_passwd", ["-U", passwords]);
    lines.push("allow_anonymous false", `password_file ${passwords}`);
  } else {
    lines.push("allow_anonymous true");
  }
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const program = new Program(onPath("mosquitto") ?? "mosquitto", ["-c", file]);
  await program.says(/running/);
  return {
    port,
    topic: (name) => `mqtt://127.0.0.1:${port}/${name}`,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
