/** 10 ms at 48 kHz, the only rate that the network knows. */
export const RNNOISE_SAMPLES = 480;
/** It hears a frame ahead before it decides. */
export const RNNOISE_DELAY_SAMPLES = 480;
/** The network was trained on samples of 16 bits. */
const FULL_SCALE = 32_768;

/** What the compiled library gives. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __wasm_call_ctors: () => void;
  readonly malloc: (bytes: number) => number;
  /** 0: the model that is inside. */
  readonly rnnoise_create: (model: number) => number;
  readonly rnnoise_process_frame: (state: number, output: number, input: number) => number;
}

/** Takes noise out of one voice, frame by frame. Runs anywhere; `module` is the package's `rnnoise_simd.wasm`. */
export class Rnnoise {
  readonly #exports: Exports;
  readonly #state: number;
  /** Where a frame lies in the library's memory; it is cleaned in place. */
  readonly #frame: number;

  constructor(module: WebAssembly.Module) {
    let exports: Exports | undefined;
    const env = {
      emscripten_memcpy_big: (to: number, from: number, bytes: number) => {
        if (exports) new Uint8Array(exports.memory.buffer).copyWithin(to, from, from + bytes);
      },
      // It never needs more than it begins with.
      emscripten_resize_heap: () => 0,
      __assert_fail: () => {
        throw new Error("RNNoise is broken.");
      },
    };
    exports = new WebAssembly.Instance(module, { env }).exports as unknown as Exports;
    exports.__wasm_call_ctors();
    this.#exports = exports;
    this.#state = exports.rnnoise_create(0);
    this.#frame = exports.malloc(RNNOISE_SAMPLES * 4);
  }

  /** Cleans {@link RNNOISE_SAMPLES} samples from -1 to 1 in place. */
  clean(samples: Float32Array): void {
    const memory = new Float32Array(this.#exports.memory.buffer, this.#frame, RNNOISE_SAMPLES);
    for (let i = 0; i < RNNOISE_SAMPLES; i++) memory[i] = (samples[i] ?? 0) * FULL_SCALE;
    this.#exports.rnnoise_process_frame(this.#state, this.#frame, this.#frame);
    for (let i = 0; i < RNNOISE_SAMPLES; i++) samples[i] = (memory[i] ?? 0) / FULL_SCALE;
  }
}
