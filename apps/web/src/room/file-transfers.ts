import { type BrowserRoom, type ChatMessage, SdkError } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, signal } from "@preact/signals";

/** What became of a file that somebody wanted. */
export type FileOutcome = "saved" | FileProblem;

/** Why a file was not sent, or is not here. */
export type FileProblem = "too-large" | "gone" | "damaged" | "too-many" | "failed";

const PROBLEMS: Partial<Record<SdkError["code"], FileProblem>> = {
  "file-too-large": "too-large",
  "file-gone": "gone",
  "file-damaged": "damaged",
  "too-many-files": "too-many",
};

/** The files of the chat as this window asked for them. They go on while the chat is closed, and end with the meeting. */
export class FileTransfers {
  readonly #room: BrowserRoom;
  readonly #save: (file: Blob, name: string) => void;
  readonly #fetching = new Map<string, AbortController>();
  readonly #outcomes = signal<ReadonlyMap<string, FileOutcome>>(new Map());
  /** By message. */
  readonly outcomes: ReadonlySignal<ReadonlyMap<string, FileOutcome>> = this.#outcomes;

  /** `save` hands a file to the browser's downloads, which never opens it. */
  constructor(options: { readonly room: BrowserRoom; readonly save: (file: Blob, name: string) => void }) {
    this.#room = options.room;
    this.#save = options.save;
  }

  /** Offers a file to everybody. Resolves with what is wrong with it, if anything. */
  async offer(file: File): Promise<FileProblem | undefined> {
    try {
      await this.#room.sendFile(file, { name: file.name });
      return undefined;
    } catch (error) {
      return problemOf(error);
    }
  }

  async fetch({ id, file }: ChatMessage): Promise<void> {
    if (file === undefined || this.#fetching.has(id)) return;
    const fetching = new AbortController();
    this.#fetching.set(id, fetching);
    this.#settle(id, undefined);
    try {
      const bytes = await this.#room.fetchFile(id, { signal: fetching.signal });
      this.#save(bytes, file.name);
      this.#settle(id, "saved");
    } catch (error) {
      if (!fetching.signal.aborted) this.#settle(id, problemOf(error));
    } finally {
      this.#fetching.delete(id);
    }
  }

  cancel(message: string): void {
    this.#fetching.get(message)?.abort();
  }

  close(): void {
    for (const fetching of this.#fetching.values()) fetching.abort();
  }

  #settle(message: string, outcome: FileOutcome | undefined): void {
    const outcomes = new Map(this.#outcomes.peek());
    if (outcome === undefined) outcomes.delete(message);
    else outcomes.set(message, outcome);
    this.#outcomes.value = outcomes;
  }
}

function problemOf(error: unknown): FileProblem {
  return (error instanceof SdkError && PROBLEMS[error.code]) || "failed";
}
