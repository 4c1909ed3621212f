// Finds the person in small pictures with MediaPipe, in a worker of its own: this script alone may compile WebAssembly, sees
// nothing but these pictures, and talks to nobody but its parent. A classic worker, because the library is a classic script.
import type { Options, SelfieSegmentation } from "@mediapipe/selfie_segmentation";
import type { FromSegmenter, SmallPicture, ToSegmenter } from "./background-messages.ts";

/** Of classic workers; the page's types do not have it. */
declare function importScripts(url: string): void;

/**
 * The wide model, for cameras. On the processor: a picture takes a fraction of what it takes in WebGL where that is
 * emulated, and nothing of a graphics chip that draws the meeting where it is not. The library's types leave this one out.
 */
const OPTIONS: Options & { readonly useCpuInference: boolean } = { modelSelection: 1, useCpuInference: true };

const say = (message: FromSegmenter, transfer: Transferable[] = []) =>
  (globalThis as unknown as Worker).postMessage(message, transfer);
const refuse = (error: unknown) => say({ type: "failed", reason: String(error) });

let segmenter: SelfieSegmentation | undefined;
const input = new OffscreenCanvas(1, 1);
const output = new OffscreenCanvas(1, 1);
const inputContext = input.getContext("2d");
const outputContext = output.getContext("2d", { willReadFrequently: true });

addEventListener("message", ({ data }: MessageEvent<ToSegmenter>) => {
  if (data.type === "open") open(data);
  else segment(data.picture).catch(refuse);
});

// The library lets some of its promises fall when a part of it does not come.
addEventListener("unhandledrejection", ({ reason }) => refuse(reason));

function open({ script, parts }: Extract<ToSegmenter, { type: "open" }>): void {
  try {
    imitateDocument();
    importScripts(script);
    const Segmenter: typeof SelfieSegmentation = Reflect.get(globalThis, "SelfieSegmentation");
    segmenter = new Segmenter({ locateFile: (name) => parts[name] ?? name });
    segmenter.setOptions(OPTIONS);
    segmenter.onResults(({ segmentationMask }) => answer(segmentationMask));
  } catch (error) {
    refuse(error);
  }
}

async function segment({ data, width, height }: SmallPicture): Promise<void> {
  if (!segmenter || !inputContext) throw new Error("There is nothing to find people with.");
  if (input.width !== width || input.height !== height) {
    for (const canvas of [input, output]) Object.assign(canvas, { width, height });
  }
  inputContext.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  // The library takes any source of a WebGL texture; its types know those of windows only.
  await segmenter.send({ image: input as unknown as HTMLCanvasElement });
}

/** The library says how likely in the alpha of a picture. */
function answer(found: CanvasImageSource): void {
  if (!outputContext) return;
  const { width, height } = output;
  outputContext.globalCompositeOperation = "copy";
  outputContext.drawImage(found, 0, 0, width, height);
  const rgba = outputContext.getImageData(0, 0, width, height).data;
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) mask[i] = rgba[4 * i + 3] ?? 0;
  say({ type: "mask", mask: mask.buffer }, [mask.buffer]);
}

/** What the library uses of a window: it makes a canvas for WebGL, and loads its second script by an element. */
function imitateDocument(): void {
  const load = (element: FakeScript) => {
    try {
      importScripts(element.src);
      element.tell("load");
    } catch {
      element.tell("error");
    }
  };
  const body = { appendChild: (element: FakeScript) => queueMicrotask(() => load(element)) };
  const createElement = (tag: string) => (tag === "canvas" ? new OffscreenCanvas(1, 1) : new FakeScript());
  const nothing = () => undefined;
  const document = { createElement, body, head: body, querySelector: () => null, addEventListener: nothing };
  Object.assign(globalThis, { window: globalThis, document: { ...document, currentScript: null } });
}

/** A script element as far as the library uses one. */
class FakeScript {
  src = "";
  readonly #listeners = new Map<string, () => void>();

  setAttribute(name: string, value: string): void {
    if (name === "src") this.src = value;
  }

  addEventListener(name: string, listener: () => void): void {
    this.#listeners.set(name, listener);
  }

  tell(name: string): void {
    this.#listeners.get(name)?.();
  }
}
