import type { FromFile, ToFile } from "./file-messages.ts";
import { recordingsFolder } from "./recordings-folder.ts";

/** What the name of a lock begins with that is held while a recording is written. */
const RECORDING_LOCK = "recording ";

/** A file of the browser's storage that grows while the meeting goes on. */
export class RecordingFile {
  readonly name: string;
  readonly #worker: Worker;
  readonly #lifetime = new AbortController();
  #answer: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #bytes = 0;

  private constructor(worker: Worker, { name, onTick }: { readonly name: string; readonly onTick: () => void }) {
    const { signal } = this.#lifetime;
    this.name = name;
    this.#worker = worker;
    const onMessage = ({ data }: MessageEvent<FromFile>) => {
      if (data.type === "tick") onTick();
      else if (data.type === "done") this.#answer?.resolve();
      else this.#answer?.reject(new DOMException(data.message, data.name));
    };
    worker.addEventListener("message", onMessage, { signal });
    // Other pages of this site see by the lock that the file is still growing.
    const locked = navigator.locks.request(
      RECORDING_LOCK + name,
      () => new Promise((resolve) => signal.addEventListener("abort", resolve)),
    );
    locked.catch(() => undefined);
    worker.addEventListener("error", () => this.#answer?.reject(new Error("The file's worker failed.")), { signal });
  }

  /** `onTick` is called as often as pictures are wanted, also while the page is hidden. Rejects where nothing can be kept. */
  static async open(
    name: string,
    { ticksPerSecond, onTick }: { readonly ticksPerSecond: number; readonly onTick: () => void },
  ): Promise<RecordingFile> {
    const worker = new Worker(new URL("./file-worker.ts", import.meta.url), { type: "module", name: "recording" });
    const file = new RecordingFile(worker, { name, onTick });
    try {
      await file.#ask({ type: "open", name, ticksPerSecond });
    } catch (error) {
      file.#end();
      throw error;
    }
    return file;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** For a muxer that only appends. A full disk is a "QuotaExceededError". */
  writable(): WritableStream<Uint8Array> {
    return new WritableStream<Uint8Array>({
      write: async (bytes) => {
        await this.#ask({ type: "write", bytes: bytes.slice() });
        this.#bytes += bytes.length;
      },
    });
  }

  /** Ends the writing; the file can be read now. */
  async close(): Promise<File> {
    try {
      await this.#ask({ type: "close" });
    } finally {
      this.#end();
    }
    const folder = await recordingsFolder({ create: true });
    return await (await folder.getFileHandle(this.name)).getFile();
  }

  /** One at a time: a stream waits for each of its writes, and is closed before the file. */
  #ask(message: ToFile): Promise<void> {
    if (this.#lifetime.signal.aborted) return Promise.reject(new Error("The file was closed."));
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#worker.postMessage(message, message.type === "write" ? [message.bytes.buffer] : []);
    });
  }

  #end(): void {
    this.#lifetime.abort();
    this.#worker.terminate();
  }
}

/** The names of the recordings that a page of this site is writing now. */
export async function growingRecordings(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const names = held.flatMap(({ name = "" }) =>
    name.startsWith(RECORDING_LOCK) ? [name.slice(RECORDING_LOCK.length)] : [],
  );
  return new Set(names);
}
