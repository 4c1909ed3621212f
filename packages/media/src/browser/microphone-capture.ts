import { SAMPLE_RATE } from "../sound.ts";
import type { MicrophoneFormat, SoundSource } from "../webcodecs/microphone-reader.ts";
import { wakeSound } from "./wake-sound.ts";

/** A microphone on its way to the worker that encodes it. */
export interface MicrophoneCapture {
  /** To be posted to the worker, once, with {@link transfer}; read there with `createMicrophoneReader`. */
  readonly source: SoundSource;
  readonly transfer: Transferable[];
  /** Ends the reader in the worker too. The track is not stopped. */
  close(): void;
}

/** How a microphone is read. */
export interface MicrophoneCaptureOptions {
  /** 1 when left out. */
  readonly channels?: 1 | 2;
  /** What was done to the track's sound before it came here took so long. 0 when left out. */
  readonly latencyUs?: number;
  /** Where the compiled `capture-worklet.ts` is; beside this module when left out. */
  readonly workletUrl?: URL | string;
}

interface SoundProcessor {
  readonly readable: ReadableStream<AudioData>;
}

/**
 * Begins to read `track`, which stays the caller's: straight from the track where the browser can, which saves an audio
 * context with its thread, its silent output and their delay; else in an AudioWorklet.
 */
export async function captureMicrophone(
  track: MediaStreamTrack,
  options: MicrophoneCaptureOptions = {},
): Promise<MicrophoneCapture> {
  const { channels = 1, workletUrl = new URL("./capture-worklet.js", import.meta.url) } = options;
  const latencyUs = deviceLatencyUs(track) + (options.latencyUs ?? 0);
  const format = { channels, latencyUs, speech: track.getSettings().noiseSuppression !== false };
  // Of Chromium, whose windows read sound too; the libraries do not declare it.
  const Processor: (new (init: { readonly track: MediaStreamTrack }) => SoundProcessor) | undefined = Reflect.get(
    globalThis,
    "MediaStreamTrackProcessor",
  );
  const readable48k = Processor && track.getSettings().sampleRate === SAMPLE_RATE;
  if (!readable48k) return await captureByWorklet(track, { format, workletUrl });
  // A clone, so that closing does not end the caller's track.
  const own = track.clone();
  const { readable } = new Processor({ track: own });
  return { source: { kind: "stream", readable, format }, transfer: [readable], close: () => own.stop() };
}

/** The audio context brings the sound to 48 kHz. */
async function captureByWorklet(
  track: MediaStreamTrack,
  { format, workletUrl }: { readonly format: MicrophoneFormat; readonly workletUrl: URL | string },
): Promise<MicrophoneCapture> {
  const { channels } = format;
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
  const close = () => {
    if (context.state !== "closed") context.close().catch(() => undefined);
  };
  try {
    await context.audioWorklet.addModule(workletUrl);
    const { port1, port2: port } = new MessageChannel();
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
    wakeSound(context);
    return {
      source: { kind: "port", port, format },
      transfer: [port],
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

/** Browsers say how long sound takes through the device, though no library declares it. */
function deviceLatencyUs(track: MediaStreamTrack): number {
  const settings = track.getSettings();
  return "latency" in settings && typeof settings.latency === "number" ? settings.latency * 1e6 : 0;
}
