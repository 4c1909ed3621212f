// Runs in the audio thread: takes the noise out of one microphone. Until RNNoise is there, and where it breaks, silence.
import { FrameCutter } from "./frame-cutter.ts";
import type { FromDenoiser, ToDenoiser } from "./noise-messages.ts";
import { RNNOISE_SAMPLES, Rnnoise } from "./rnnoise.ts";

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => object): void;

class DenoiseProcessor extends AudioWorkletProcessor {
  #cutter: FrameCutter | undefined;
  #closed = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToDenoiser>) => {
      if (data.type === "close") this.#closed = true;
      else this.#open(data.module);
    };
    this.port.onmessageerror = () => this.#say({ type: "failed", reason: "The module did not arrive." });
  }

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const [from, to] = [input?.[0], output?.[0]];
    if (from && to) this.#cutter?.pass(from, to);
    return !this.#closed;
  }

  #open(module: WebAssembly.Module): void {
    try {
      const rnnoise = new Rnnoise(module);
      this.#cutter = new FrameCutter(RNNOISE_SAMPLES, (frame) => rnnoise.clean(frame));
      this.#say({ type: "ready" });
    } catch (error) {
      this.#say({ type: "failed", reason: String(error) });
    }
  }

  #say(message: FromDenoiser): void {
    this.port.postMessage(message);
  }
}

registerProcessor("mqtt-meet-denoise", DenoiseProcessor);
