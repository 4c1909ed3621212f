import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Program } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A loudspeaker on a machine that has none. Disposing of it ends it. */
export interface Loudspeaker extends AsyncDisposable {
  /** With this, a program plays on it. */
  readonly env: NodeJS.ProcessEnv;
  /** The largest sample that it has played since this was last asked, 0 to 1. */
  loudest(): number;
}

/** A sound server that is slow to come up on a busy machine. */
const PATIENCE_MS = 120_000;

/** Starts a PulseAudio of its own with one output that takes sound at the pace of a device and gives it to nobody but us. */
export async function startLoudspeaker(): Promise<Loudspeaker> {
  const folder = temporaryFolder();
  const socket = join(folder.path, "native");
  const own = { HOME: folder.path, XDG_RUNTIME_DIR: folder.path, PULSE_RUNTIME_PATH: folder.path };
  const server = new Program(
    "pulseaudio",
    [
      ...["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"],
      "--load=module-null-sink sink_name=speaker rate=48000",
      `--load=module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    ],
    { env: { ...process.env, ...own } },
  );
  await until(() => existsSync(socket) || !server.running);
  const env = { PULSE_SERVER: `unix:${socket}` };
  let loudest = 0;
  const listen = ["--device=speaker.monitor", "--raw", "--format=s16le", "--rate=8000", "--channels=1"];
  const listener = new Program("parec", listen, {
    env: { ...process.env, ...own, ...env },
    onOutput: (chunk) => {
      for (let at = 0; at + 1 < chunk.length; at += 2) loudest = Math.max(loudest, Math.abs(chunk.readInt16LE(at)));
    },
  });
  return {
    env,
    loudest: () => {
      const peak = loudest / 32_768;
      loudest = 0;
      return peak;
    },
    [Symbol.asyncDispose]: async () => {
      await listener[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!condition() && Date.now() < deadlineMs) await delay(50);
}
