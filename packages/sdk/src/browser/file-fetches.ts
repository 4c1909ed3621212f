import type { RoomFiles } from "../files/room-files.ts";

/** The files that a page fetches just now, each until it is there or the page wants it no more. */
export class FileFetches {
  readonly #fetching = new Map<string, AbortController>();

  /** Rejects as `RoomFiles.fetch` does, with an AbortError after `drop`. */
  fetch(files: RoomFiles, message: string): Promise<Blob> {
    const fetching = new AbortController();
    this.#fetching.set(message, fetching);
    return files.fetch(message, { signal: fetching.signal }).finally(() => this.#fetching.delete(message));
  }

  drop(message: string): void {
    this.#fetching.get(message)?.abort();
  }
}
