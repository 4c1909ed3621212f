import type { FrameSource, PostedPicture } from "../webcodecs/frame-reader.ts";

/** A track on its way to the worker that encodes it. */
export interface VideoCapture {
  /** To be posted to the worker, once, with {@link transfer}. */
  readonly source: FrameSource;
  readonly transfer: Transferable[];
  /** Ends the reader in the worker too. The track is not stopped. */
  close(): void;
}

/** How a track is read. */
export interface VideoCaptureOptions {
  /** Whether the worker has a MediaStreamTrackProcessor (Safari); asked for only where the window has none. */
  readonly workerReadsTracks?: boolean;
  /** What was done to the track's pictures before they came here took so long. 0 when left out. */
  readonly latencyUs?: number;
}

interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}

/** Begins to read `track`, which stays the caller's. */
export function captureVideo(track: MediaStreamTrack, options: VideoCaptureOptions = {}): VideoCapture {
  // Of Chromium; the libraries do not declare it.
  const Processor: (new (init: { readonly track: MediaStreamTrack }) => TrackProcessor) | undefined = Reflect.get(
    globalThis,
    "MediaStreamTrackProcessor",
  );
  const { latencyUs = 0 } = options;
  // A clone, so that closing does not end the caller's track.
  const own = track.clone();
  const close = () => own.stop();
  if (Processor) {
    const { readable } = new Processor({ track: own });
    return { source: { kind: "stream", readable, latencyUs }, transfer: [readable], close };
  }
  // Safari transfers tracks; no library says so.
  const transferable: unknown = own;
  if (options.workerReadsTracks && isTransferable(transferable)) {
    return { source: { kind: "track", track: transferable, latencyUs }, transfer: [transferable], close };
  }
  return captureElement(own, latencyUs);
}

function isTransferable(track: unknown): track is Transferable {
  return track instanceof MediaStreamTrack;
}

/** Reads `track` through a video element: its pictures, as they would be shown. */
function captureElement(track: MediaStreamTrack, latencyUs: number): VideoCapture {
  const { port1: port, port2: remote } = new MessageChannel();
  const element = document.createElement("video");
  const lifetime = new AbortController();
  element.muted = true;
  element.playsInline = true;
  element.srcObject = new MediaStream([track]);
  let ready = true;
  port.onmessage = () => {
    ready = true;
  };
  const take = async (captureMs: number) => {
    ready = false;
    const timestampUs = (performance.timeOrigin + captureMs) * 1000;
    const image = await pictureOf(element, timestampUs);
    if (lifetime.signal.aborted) return image.close();
    const posted: PostedPicture = { image, timestampUs };
    port.postMessage(posted, [image]);
  };
  const watch = (nowMs: number, metadata: VideoFrameCallbackMetadata) => {
    if (lifetime.signal.aborted) return;
    element.requestVideoFrameCallback(watch);
    if (!ready) return;
    take(metadata.captureTime ?? nowMs).catch(() => {
      ready = true;
    });
  };
  element.requestVideoFrameCallback(watch);
  element.play().catch(() => undefined);
  const close = () => {
    if (lifetime.signal.aborted) return;
    lifetime.abort();
    port.postMessage("end");
    element.srcObject = null;
    track.stop();
  };
  track.addEventListener("ended", close, { signal: lifetime.signal });
  return { source: { kind: "port", port: remote, latencyUs }, transfer: [remote], close };
}

async function pictureOf(element: HTMLVideoElement, timestampUs: number): Promise<VideoFrame | ImageBitmap> {
  return typeof VideoFrame === "undefined"
    ? createImageBitmap(element)
    : new VideoFrame(element, { timestamp: timestampUs });
}
