import graph from "@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url";
import script from "@mediapipe/selfie_segmentation/selfie_segmentation.js?url";
import landscape from "@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url";
import wasmLoader from "@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url";
import wasm from "@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url";
import type { FromSegmenter, SmallPicture, ToSegmenter } from "./background-messages.ts";

/** Under the names by which the library asks for them. Browsers with WebCodecs have SIMD. */
const PARTS = {
  "selfie_segmentation.binarypb": graph,
  "selfie_segmentation_landscape.tflite": landscape,
  "selfie_segmentation_solution_simd_wasm_bin.js": wasmLoader,
  "selfie_segmentation_solution_simd_wasm_bin.wasm": wasm,
};

/** Two megabytes on a slow line, and a machine that is busy with a meeting: nothing is shown meanwhile, which hurts nobody. */
const FIRST_MASK_WITHIN_MS = 180_000;
/** A segmenter that says nothing for this long will not speak again. */
const MASK_WITHIN_MS = 10_000;

/** Finds the person in pictures, one after the other, in a worker. */
export class PersonSegmenter {
  readonly #worker = new Worker(new URL("./segment-wasm-worker.ts", import.meta.url), { name: "segmenter" });
  #isWarm = false;

  constructor() {
    const here = (url: string) => new URL(url, import.meta.url).href;
    const parts = Object.fromEntries(Object.entries(PARTS).map(([name, url]) => [name, here(url)]));
    this.#post({ type: "open", script: here(script), parts });
  }

  /**
   * Of each pixel, 0 to 255, how likely it belongs to a person. Takes `picture` over; ask for one at a time. Rejects when the
   * worker fails or is silent.
   */
  async segment(picture: SmallPicture): Promise<Uint8Array> {
    const done = new AbortController();
    const { signal } = done;
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        const within = this.#isWarm ? MASK_WITHIN_MS : FIRST_MASK_WITHIN_MS;
        const timer = setTimeout(() => reject(new Error("Finding the person took too long.")), within);
        signal.addEventListener("abort", () => clearTimeout(timer));
        const take = ({ data }: MessageEvent<FromSegmenter>) => {
          if (data.type === "mask") resolve(new Uint8Array(data.mask));
          else reject(new Error(data.reason));
        };
        this.#worker.addEventListener("message", take, { signal });
        const fail = ({ message }: ErrorEvent) => reject(new Error(message || "The segmenter was not loaded."));
        this.#worker.addEventListener("error", fail, { signal });
        this.#post({ type: "segment", picture }, [picture.data]);
      });
    } finally {
      this.#isWarm = true;
      done.abort();
    }
  }

  close(): void {
    this.#worker.terminate();
  }

  #post(message: ToSegmenter, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
