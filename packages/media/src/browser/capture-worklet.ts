/**
 * Runs in the audio thread: posts what the microphone gives, 10 ms at a time, straight to the worker. This file is loaded
 * by its address and imports nothing.
 */
export {};

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: Options }) => object,
): void;
declare const currentFrame: number;

interface Options {
  readonly channels: number;
}

/** 10 ms at 48 kHz. */
const BLOCK_SAMPLES = 480;

class CaptureProcessor extends AudioWorkletProcessor {
  readonly #channels: number;
  /** To the worker; the window hands it over. */
  #worker: MessagePort | undefined;
  #block: Float32Array<ArrayBuffer>;
  #filled = 0;
  #position = 0;
  #closed = false;

  constructor({ processorOptions }: { processorOptions: Options }) {
    super();
    this.#channels = processorOptions.channels;
    this.#block = new Float32Array(BLOCK_SAMPLES * this.#channels);
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | "close">) => {
      if (data === "close") this.#closed = true;
      else this.#worker = data;
    };
  }

  process([input]: Float32Array[][]): boolean {
    const count = input?.[0]?.length ?? 0;
    if (!input || count === 0) {
      this.#filled = 0;
      return !this.#closed;
    }
    if (this.#filled === 0) this.#position = currentFrame;
    for (let i = 0; i < count; i++) {
      for (let channel = 0; channel < this.#channels; channel++) {
        const samples = input[channel] ?? input[0];
        this.#block[this.#filled * this.#channels + channel] = samples?.[i] ?? 0;
      }
      this.#filled++;
      if (this.#filled === BLOCK_SAMPLES) this.#post(currentFrame + i + 1);
    }
    return !this.#closed;
  }

  #post(next: number): void {
    const samples = this.#block;
    this.#block = new Float32Array(BLOCK_SAMPLES * this.#channels);
    this.#filled = 0;
    this.#worker?.postMessage({ samples, position: this.#position }, [samples.buffer]);
    this.#position = next;
  }
}

registerProcessor("mqtt-meet-capture", CaptureProcessor);
