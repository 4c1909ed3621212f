import type { Rotation } from "@mqtt-meet/protocol";
import { CaptureClock } from "../capture-clock.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { BitmapPicture, type BrowserPicture } from "./browser-picture.ts";
import { rotationOf, withFrameInit } from "./rotated-frame.ts";

/** Where a worker reads captured pictures; made by `captureVideo` in the window, posted to the worker with `transfer`. */
export type FrameSource = PictureFeed & {
  /** What was done to the pictures before they came here took so long. */
  readonly latencyUs?: number;
};

type PictureFeed =
  /** Of a MediaStreamTrackProcessor in the window. */
  | { readonly kind: "stream"; readonly readable: ReadableStream<VideoFrame> }
  /** The track itself: the worker makes the MediaStreamTrackProcessor. */
  | { readonly kind: "track"; readonly track: Transferable }
  /** The window posts {@link PostedPicture}s, each after the one before was answered. */
  | { readonly kind: "port"; readonly port: MessagePort };

/** What comes through the port of a {@link FrameSource}. */
export interface PostedPicture {
  readonly image: VideoFrame | ImageBitmap;
  /** On the epoch clock. */
  readonly timestampUs: number;
}

/** What to do with captured pictures. */
export interface FrameReaderOptions {
  /** The callee takes `picture` over; its `timestamp` is on the epoch clock. `rotation` is what is left to turn. */
  readonly onPicture: (picture: BrowserPicture, options: { readonly rotation: Rotation }) => void;
  /** The source is over. */
  readonly onEnd?: () => void;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
}

/** Reads `source` until it ends or the signal is aborted. Runs in a worker (or a window). */
export function createFrameReader(source: FrameSource, options: FrameReaderOptions): void {
  const { latencyUs = 0 } = source;
  switch (source.kind) {
    case "stream":
      void readStream(source.readable, { ...options, latencyUs });
      break;
    case "track":
      void readStream(processedTrack(source.track), { ...options, latencyUs });
      break;
    case "port":
      readPort(source.port, { ...options, latencyUs });
      break;
  }
}

/** What the libraries of a worker do not know: they have no tracks. */
type TrackProcessor = new (init: { readonly track: Transferable }) => { readonly readable: ReadableStream<VideoFrame> };

function processedTrack(track: Transferable): ReadableStream<VideoFrame> {
  const name: string = "MediaStreamTrackProcessor";
  const Processor: TrackProcessor = Reflect.get(globalThis, name);
  return new Processor({ track }).readable;
}

type LateReaderOptions = FrameReaderOptions & { readonly latencyUs: number };

async function readStream(readable: ReadableStream<VideoFrame>, options: LateReaderOptions): Promise<void> {
  const { onPicture, signal, latencyUs } = options;
  const nowMs = options.nowMs ?? epochNowMs;
  const clock = new CaptureClock();
  const reader = readable.getReader();
  const cancel = () => reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const frame = next.value;
      const rotation = rotationOf(frame);
      // Encoders take pictures as they lie in memory; the receiver turns them.
      const picture = withFrameInit(frame, {
        timestamp: clock.toEpochUs(frame.timestamp, nowMs() * 1000) - latencyUs,
        rotation: turnedBack(rotation),
      });
      frame.close();
      if (signal.aborted) picture.close();
      else onPicture(picture, { rotation });
    }
  } catch {
    // The window that made the stream is gone, or the track failed: to us, the source is over.
  }
  signal.removeEventListener("abort", cancel);
  if (!signal.aborted) options.onEnd?.();
}

function readPort(port: MessagePort, options: LateReaderOptions): void {
  port.onmessage = ({ data }: MessageEvent<PostedPicture | "end">) => {
    if (data === "end") {
      options.onEnd?.();
      return;
    }
    const { image } = data;
    const timestampUs = data.timestampUs - options.latencyUs;
    if (options.signal.aborted) image.close();
    else if (image instanceof ImageBitmap) {
      options.onPicture(new BitmapPicture(image, { timestampUs }), { rotation: 0 });
    } else {
      options.onPicture(withFrameInit(image, { timestamp: timestampUs, rotation: 0 }), { rotation: 0 });
      image.close();
    }
    port.postMessage("next");
  };
  options.signal.addEventListener("abort", () => port.close(), { once: true });
}

function turnedBack(rotation: Rotation): Rotation {
  if (rotation === 90) return 270;
  return rotation === 270 ? 90 : rotation;
}
