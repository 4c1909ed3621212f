import { closeSync, openSync, writeSync } from "node:fs";
import { WireTraceRecorder } from "@mqtt-meet/media";
import { UsageError } from "./usage-error.ts";

/** A file with a trace of what arrives; only its owner reads it. What is waiting is written by {@link flush} and at the end. */
export class TraceFile implements Disposable {
  readonly recorder: WireTraceRecorder;
  readonly #file: number;
  #waiting = "";

  /** Throws a UsageError when there can be no such file. */
  constructor(path: string) {
    try {
      this.#file = openSync(path, "w", 0o600);
    } catch (error) {
      throw new UsageError(`Cannot write ${path}: ${error instanceof Error ? error.message : String(error)}.`);
    }
    this.recorder = new WireTraceRecorder({
      write: (lines) => {
        this.#waiting += lines;
      },
    });
  }

  flush(): void {
    writeSync(this.#file, this.#waiting);
    this.#waiting = "";
  }

  [Symbol.dispose](): void {
    this.flush();
    closeSync(this.#file);
  }
}
