import type { ProcessedTrack } from "../room/local-device.ts";
import type { BackgroundChoice } from "./background-choice.ts";
import type { Backdrop, FromBackground, ToBackground } from "./background-messages.ts";
import { ownPicture } from "./own-picture.ts";

/** A camera with another background. */
export interface BackgroundTrack extends ProcessedTrack {
  /** From the next picture on. Rejects when there is no picture of one's own; then nothing changes. */
  change(choice: Exclude<BackgroundChoice, "none">): Promise<void>;
}

/**
 * Puts what `choice` says behind the person before `camera`, in a worker. Resolves when pictures come out, and not one that
 * is as the camera gave it ever does; rejects when that cannot be, and the camera is closed. Takes `camera` over.
 */
export async function openBackground(
  camera: MediaStreamTrack,
  choice: Exclude<BackgroundChoice, "none">,
): Promise<BackgroundTrack> {
  const worker = new Worker(new URL("./background-worker.ts", import.meta.url), {
    type: "module",
    name: "background",
  });
  const close = () => {
    worker.terminate();
    camera.stop();
  };
  try {
    const backdrop = await backdropOf(choice);
    if (!isVideo(camera)) throw new TypeError("Only a picture has a background.");
    const { readable: frames } = new MediaStreamTrackProcessor({ track: camera });
    const track = new MediaStreamTrackGenerator({ kind: "video" });
    const { writable: made } = track;
    const latency = whenReady(worker);
    post(worker, { type: "open", frames, made, backdrop }, [frames, made, ...transferOf(backdrop)]);
    const latencyMs = await latency;
    const change: BackgroundTrack["change"] = async (next) => {
      const chosen = await backdropOf(next);
      post(worker, { type: "change", backdrop: chosen }, transferOf(chosen));
    };
    return { track, device: camera, latencyMs, change, close, lostBecause: () => lossOf(camera) };
  } catch (error) {
    close();
    throw error;
  }
}

function isVideo(track: MediaStreamTrack): track is MediaStreamVideoTrack {
  return track.kind === "video";
}

/** How long a picture takes. */
function whenReady(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<FromBackground>) => {
      if (data.type === "ready") resolve(data.latencyMs);
      else reject(new Error(data.reason));
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(message || "The worker was not loaded.")));
  });
}

/** When the made track ended: either the camera did, or what was behind it. */
function lossOf(camera: MediaStreamTrack): "device-lost" | "background-failed" {
  return camera.readyState === "ended" ? "device-lost" : "background-failed";
}

async function backdropOf(choice: Exclude<BackgroundChoice, "none">): Promise<Backdrop> {
  return choice === "own" ? { kind: "picture", picture: await ownPicture() } : { kind: choice };
}

function transferOf(backdrop: Backdrop): Transferable[] {
  return backdrop.kind === "picture" ? [backdrop.picture] : [];
}

function post(worker: Worker, message: ToBackground, transfer: Transferable[]): void {
  worker.postMessage(message, transfer);
}
