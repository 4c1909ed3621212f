import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Program } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A PulseAudio of our own. Disposing of it ends it. */
export interface SoundServer extends AsyncDisposable {
  /** With this, a program plays and records there. */
  readonly env: NodeJS.ProcessEnv;
}

/** A sound server that is slow to come up on a busy machine. */
const PATIENCE_MS = 120_000;

/** Starts a PulseAudio that nobody else's programs find, with what `script` makes, in the language of default.pa. */
export async function startSoundServer(script: readonly string[]): Promise<SoundServer> {
  const folder = temporaryFolder();
  const [socket, file] = [join(folder.path, "native"), join(folder.path, "script.pa")];
  // The door comes last: who finds it open finds all the rest.
  const door = `load-module module-native-protocol-unix auth-anonymous=1 socket=${socket}`;
  writeFileSync(file, [...script, door, ""].join("\n"));
  const own = { HOME: folder.path, XDG_RUNTIME_DIR: folder.path, PULSE_RUNTIME_PATH: folder.path };
  const server = new Program(
    "pulseaudio",
    ["-n", `--file=${file}`, "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"],
    { env: { ...process.env, ...own } },
  );
  await until(() => existsSync(socket) || !server.running);
  return {
    env: { PULSE_SERVER: `unix:${socket}` },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!condition() && Date.now() < deadlineMs) await delay(50);
}
