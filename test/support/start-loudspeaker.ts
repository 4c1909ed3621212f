import { Program } from "./program.ts";
import { startSoundServer } from "./sound-server.ts";

/** A loudspeaker on a machine that has none. Disposing of it ends it. */
export interface Loudspeaker extends AsyncDisposable {
  /** With this, a program plays on it. */
  readonly env: NodeJS.ProcessEnv;
  /** The largest sample that it has played since this was last asked, 0 to 1. */
  loudest(): number;
}

/** Starts a PulseAudio of its own with one output that takes sound at the pace of a device and gives it to nobody but us. */
export async function startLoudspeaker(): Promise<Loudspeaker> {
  const server = await startSoundServer(["load-module module-null-sink sink_name=speaker rate=48000"]);
  let loudest = 0;
  const listen = ["--device=speaker.monitor", "--raw", "--format=s16le", "--rate=8000", "--channels=1"];
  const listener = new Program("parec", listen, {
    env: { ...process.env, ...server.env },
    onOutput: (chunk) => {
      for (let at = 0; at + 1 < chunk.length; at += 2) loudest = Math.max(loudest, Math.abs(chunk.readInt16LE(at)));
    },
  });
  return {
    env: server.env,
    loudest: () => {
      const peak = loudest / 32_768;
      loudest = 0;
      return peak;
    },
    [Symbol.asyncDispose]: async () => {
      await listener[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
