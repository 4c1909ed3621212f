import type { WorkerClient } from "./worker-client.ts";

/** Has the worker fetch the file of `message`. Rejects with its error, or the signal's reason. */
export async function fetchFile(client: WorkerClient, message: string, signal: AbortSignal | undefined): Promise<Blob> {
  signal?.throwIfAborted();
  const waiting = new AbortController();
  const calledOff = new Promise<never>((_, reject) => {
    const onAbort = () => {
      client.post({ type: "drop-file", message });
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { signal: waiting.signal });
  });
  try {
    return await Promise.race([client.call("fetchFile", { message }), calledOff]);
  } finally {
    waiting.abort();
  }
}
