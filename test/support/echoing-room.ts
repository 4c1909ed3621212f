import { Program } from "./program.ts";
import { startSoundServer } from "./sound-server.ts";
import { SAMPLE_RATE, samplesOf } from "./speech.ts";

/** A room with two loudspeakers and a microphone that hears both of them, and whoever sits in it. Disposing of it ends it. */
export interface EchoingRoom extends AsyncDisposable {
  /** With this, a program plays and records in it. */
  readonly env: NodeJS.ProcessEnv;
  /** What the microphone has heard since this was last asked. */
  heard(): Float32Array;
  /** Somebody in the room says this, once. */
  speak(speech: Float32Array): void;
}

/** The loudspeakers, as people read their names; the first is the system's choice. */
export const LOUDSPEAKERS = ["Near", "Far"] as const;

/** From a loudspeaker to the microphone sound gets so much quieter, in dB. */
const LOSS_DB = 6;

/** Of PulseAudio, whose volumes are cubes: a tenth of it is 60 dB less. */
const FULL_VOLUME = 65_536;

const RAW = ["--raw", "--format=float32le", `--rate=${SAMPLE_RATE}`, "--channels=1"];

/**
 * Builds it of one sink that takes sound at the pace of a device, through which all goes that sounds in the room: so nothing
 * drifts. What the sound server keeps waiting is the way through the air. `rate`: of all its devices, in Hz.
 */
export async function startEchoingRoom({ rate = SAMPLE_RATE }: { readonly rate?: number } = {}): Promise<EchoingRoom> {
  const volume = Math.round(FULL_VOLUME * 10 ** (-LOSS_DB / 60));
  const described = (name: string) => `device.description=${name}`;
  const server = await startSoundServer([
    `load-module module-null-sink sink_name=air rate=${rate} channels=1 sink_properties=${described("Air")}`,
    ...LOUDSPEAKERS.map(
      (name) => `load-module module-remap-sink master=air sink_name=${name} sink_properties=${described(name)}`,
    ),
    // Browsers offer no monitor as a microphone.
    `load-module module-remap-source master=air.monitor source_name=microphone source_properties=${described("Microphone")}`,
    `set-source-volume microphone ${volume}`,
    "set-default-source microphone",
    `set-default-sink ${LOUDSPEAKERS[0]}`,
  ]);
  const env = { ...process.env, ...server.env };
  const chunks: Buffer[] = [];
  const listener = new Program("parec", ["--device=microphone", "--latency-msec=50", ...RAW], {
    env,
    onOutput: (chunk) => chunks.push(chunk),
  });
  const speakers: Program[] = [];
  return {
    env: server.env,
    heard: () => samplesOf(Buffer.concat(chunks.splice(0))),
    speak: (speech) => {
      const input = Buffer.from(speech.buffer, speech.byteOffset, speech.byteLength);
      speakers.push(new Program("pacat", ["--device=air", ...RAW], { env, input }));
    },
    [Symbol.asyncDispose]: async () => {
      for (const program of [...speakers, listener, server]) await program[Symbol.asyncDispose]();
    },
  };
}
