import wasm from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url";
import type { ProcessedTrack } from "../room/local-device.ts";
import worklet from "./denoise-worklet.ts?worker&url";
import { bridgeSamples } from "./frame-cutter.ts";
import type { FromCompiler, FromDenoiser, ToCompiler, ToDenoiser } from "./noise-messages.ts";
import { RNNOISE_DELAY_SAMPLES, RNNOISE_SAMPLES } from "./rnnoise.ts";

const SAMPLE_RATE = 48_000;
/** What has not begun by then will not, and the browser's own way is there at once. */
const WITHIN_MS = 15_000;

/**
 * Takes the noise out of `microphone` with RNNoise, in the audio thread. Rejects where that does not begin; the microphone
 * then stays open and the caller's. Otherwise it is taken over.
 */
export async function openDenoised(microphone: MediaStreamTrack): Promise<ProcessedTrack> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
  const closeContext = () => {
    if (context.state !== "closed") context.close().catch(() => undefined);
  };
  const patience = AbortSignal.timeout(WITHIN_MS);
  try {
    const [module] = await inTime(
      Promise.all([compiled(new URL(wasm, import.meta.url).href, patience), context.audioWorklet.addModule(worklet)]),
      patience,
    );
    const node = new AudioWorkletNode(context, "mqtt-meet-denoise", { channelCount: 1, channelCountMode: "explicit" });
    const started = inTime(Promise.all([ready(node.port), context.resume()]), patience);
    post(node.port, { type: "open", module });
    await started;
    const source = context.createMediaStreamSource(new MediaStream([microphone]));
    const end = context.createMediaStreamDestination();
    source.connect(node).connect(end);
    const [track] = end.stream.getAudioTracks();
    if (!track) throw new Error("No sound comes out.");
    // What the browser makes of nodes does not end by itself.
    microphone.addEventListener("ended", () => track.dispatchEvent(new Event("ended")));
    const close = () => {
      post(node.port, { type: "close" });
      source.disconnect();
      closeContext();
      microphone.stop();
    };
    const latencyMs = deviceLatencyMs(microphone) - deviceLatencyMs(track) + OWN_DELAY_MS;
    return { track, device: microphone, latencyMs, lostBecause: () => "device-lost", close };
  } catch (error) {
    closeContext();
    throw error;
  }
}

/** Of the network and of cutting the sound into its frames: 19.3 ms. */
const OWN_DELAY_MS = ((RNNOISE_DELAY_SAMPLES + bridgeSamples(RNNOISE_SAMPLES)) * 1000) / SAMPLE_RATE;

/** Browsers say how long sound takes through the device, though no library declares it. */
function deviceLatencyMs(track: MediaStreamTrack): number {
  const settings = track.getSettings();
  return "latency" in settings && typeof settings.latency === "number" ? settings.latency * 1000 : 0;
}

/** Compiled where that is allowed. */
async function compiled(url: string, signal: AbortSignal): Promise<WebAssembly.Module> {
  const worker = new Worker(new URL("./compile-wasm-worker.ts", import.meta.url), { type: "module", name: "compiler" });
  try {
    const module = new Promise<WebAssembly.Module>((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<FromCompiler>) => {
        if (data.type === "compiled") resolve(data.module);
        else reject(new Error(data.reason));
      });
      worker.addEventListener("error", ({ message }) => reject(new Error(message || "The worker was not loaded.")));
    });
    const request: ToCompiler = { url };
    worker.postMessage(request);
    return await inTime(module, signal);
  } finally {
    worker.terminate();
  }
}

function ready(port: MessagePort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<FromDenoiser>) => {
      if (data.type === "ready") resolve();
      else reject(new Error(data.reason));
    };
  });
}

function inTime<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, late]);
}

function post(port: MessagePort, message: ToDenoiser): void {
  port.postMessage(message);
}
