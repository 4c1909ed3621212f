/**
 * The worker that holds a room. A page may load this module from another site, where browsers start no worker's script from; such a
 * page gets a worker of its own that imports it. Bundlers find the worker by the very expressions below.
 */
export function openRoomWorker(): Worker {
  if (new URL(import.meta.url).origin === location.origin) {
    return new Worker(new URL("./room-worker.js", import.meta.url), { type: "module", name: "mqtt-meet room" });
  }
  return openForeignWorker(importingWorker());
}

function openForeignWorker(Worker: ReturnType<typeof importingWorker>): Worker {
  return new Worker(new URL("./room-worker.js", import.meta.url), { type: "module", name: "mqtt-meet room" });
}

/** A worker whose script is the page's own, one line long. Made when it is needed: what has no workers loads this module, too. */
function importingWorker() {
  return class extends Worker {
    constructor(url: URL, options: WorkerOptions) {
      const line = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" });
      const address = URL.createObjectURL(line);
      super(address, options);
      // Fetched by then, or refused by the page's policy: both tell.
      const forget = () => URL.revokeObjectURL(address);
      this.addEventListener("message", forget, { once: true });
      this.addEventListener("error", forget, { once: true });
    }
  };
}
