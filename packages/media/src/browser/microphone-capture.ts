import { SAMPLE_RATE } from "../sound.ts";
import type { MicrophoneFormat } from "../webcodecs/microphone-reader.ts";

/** A microphone on its way to the worker that encodes it. */
export interface MicrophoneCapture {
  /** To be transferred to the worker, once; read there with `createMicrophoneReader`. */
  readonly port: MessagePort;
  readonly channels: 1 | 2;
  /** The track is not stopped. */
  close(): void;
}

/** How a microphone is read. */
export interface MicrophoneCaptureOptions {
  /** 1 when left out. */
  readonly channels?: 1 | 2;
  /** Where the compiled `capture-worklet.ts` is; beside this module when left out. */
  readonly workletUrl?: URL | string;
}

/** Begins to read `track`, which stays the caller's, in an AudioWorklet. */
export async function captureMicrophone(
  track: MediaStreamTrack,
  options: MicrophoneCaptureOptions = {},
): Promise<MicrophoneCapture> {
  const { channels = 1, workletUrl = new URL("./capture-worklet.js", import.meta.url) } = options;
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
  const close = () => {
    if (context.state !== "closed") context.close().catch(() => undefined);
  };
  try {
    await context.audioWorklet.addModule(workletUrl);
    const { port1, port2: port } = new MessageChannel();
    const format: MicrophoneFormat = { channels, latencyUs: latencyUs(track) };
    port1.postMessage(format);
    const node = new AudioWorkletNode(context, "mqtt-meet-capture", {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      channelCount: channels,
      channelCountMode: "explicit",
      processorOptions: { channels },
    });
    node.port.postMessage(port1, [port1]);
    const source = context.createMediaStreamSource(new MediaStream([track]));
    // Connected to the end, because what leads nowhere may not run; its output is silence.
    source.connect(node).connect(context.destination);
    // Pages that capture may play without a gesture; if not, the first one wakes the context.
    wake(context);
    return {
      port,
      channels,
      close: () => {
        source.disconnect();
        node.port.postMessage("close");
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Starts `context` now, or at the user's next gesture. */
function wake(context: AudioContext): void {
  const resume = () => {
    context.resume().catch(() => undefined);
  };
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const events = ["pointerdown", "keydown", "touchend"] as const;
  for (const event of events) addEventListener(event, resume, { signal, capture: true });
  context.addEventListener(
    "statechange",
    () => {
      if (context.state === "running" || context.state === "closed") lifetime.abort();
    },
    { signal },
  );
  resume();
}

/** Browsers say how long sound takes through the device, though no library declares it. */
function latencyUs(track: MediaStreamTrack): number {
  const settings = track.getSettings();
  return "latency" in settings && typeof settings.latency === "number" ? settings.latency * 1e6 : 0;
}
