import type { ToCameraWorker } from "./camera-messages.ts";
import { WorkerCamera } from "./worker-camera.ts";

// The entry of the worker: one camera topic.
const camera = new WorkerCamera({ post: (message) => self.postMessage(message) });
self.addEventListener("message", ({ data }: MessageEvent<ToCameraWorker>) => camera.handle(data));
