import type { PictureConnection } from "../webcodecs/picture-sink.ts";

/** An element of the page on its way to the worker that shows pictures on it. */
export interface PictureOutput {
  /** To be posted to the worker, once, with {@link transfer}; opened there with `openPictureSink`. */
  readonly connection: PictureConnection;
  readonly transfer: Transferable[];
  /** The element shows nothing any more. */
  close(): void;
}

/** How an element is prepared. */
export interface PictureOutputOptions {
  /** Whether the worker has a VideoTrackGenerator (Safari); asked for only where the window has no generator. */
  readonly workerMakesTracks?: boolean;
}

/**
 * Lets a worker show pictures on `element`. A video element shows them soonest: in Chromium the worker hands them to the
 * compositor without drawing. A canvas can be used once only.
 */
export function createPictureOutput(
  element: HTMLVideoElement | HTMLCanvasElement,
  options: PictureOutputOptions = {},
): PictureOutput {
  if (element instanceof HTMLCanvasElement) {
    const canvas = element.transferControlToOffscreen();
    return { connection: { kind: "canvas", canvas }, transfer: [canvas], close: () => undefined };
  }
  // Of Chromium; the libraries do not declare it.
  const Generator: (new (init: { readonly kind: "video" }) => GeneratedTrack) | undefined = Reflect.get(
    globalThis,
    "MediaStreamTrackGenerator",
  );
  if (Generator) {
    const track = new Generator({ kind: "video" });
    const { writable } = track;
    show(element, new MediaStream([track]));
    const close = () => {
      hide(element);
      track.stop();
    };
    return { connection: { kind: "stream", writable }, transfer: [writable], close };
  }
  return options.workerMakesTracks ? throughWorker(element) : throughBitmaps(element);
}

interface GeneratedTrack extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}

function throughWorker(element: HTMLVideoElement): PictureOutput {
  const { port1: port, port2: remote } = new MessageChannel();
  port.onmessage = ({ data }: MessageEvent<MediaStreamTrack>) => show(element, new MediaStream([data]));
  const close = () => {
    port.close();
    hide(element);
  };
  return { connection: { kind: "generator", port: remote }, transfer: [remote], close };
}

/** Firefox captures no canvas that a worker draws on: the worker draws on one of its own, and what it drew is handed over here. */
function throughBitmaps(element: HTMLVideoElement): PictureOutput {
  const canvas = document.createElement("canvas");
  const renderer = canvas.getContext("bitmaprenderer");
  const { port1: port, port2: remote } = new MessageChannel();
  port.onmessage = ({ data }: MessageEvent<ImageBitmap>) => {
    renderer?.transferFromImageBitmap(data);
    port.postMessage("next");
  };
  show(element, canvas.captureStream());
  const close = () => {
    port.close();
    hide(element);
  };
  return { connection: { kind: "bitmaps", port: remote }, transfer: [remote], close };
}

function show(element: HTMLVideoElement, stream: MediaStream): void {
  // Without sound, elements play without a gesture of the user.
  element.muted = true;
  element.playsInline = true;
  element.autoplay = true;
  element.srcObject = stream;
  element.play().catch(() => undefined);
}

function hide(element: HTMLVideoElement): void {
  element.srcObject = null;
}
