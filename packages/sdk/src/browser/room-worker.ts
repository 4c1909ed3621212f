import { WorkerRoom } from "./worker-room.ts";

// The entry of the worker: one room for one page.
const room = new WorkerRoom({ post: (message) => self.postMessage(message) });
self.addEventListener("message", ({ data }) => room.handle(data));
