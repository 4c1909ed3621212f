import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** What is kept of what ffmpeg says: the last lines tell what went wrong. */
const MAX_SAID_CHARACTERS = 4_000;

/** One run of the program ffmpeg. Its standard error is collected. */
export class FfmpegChild {
  readonly #process: ChildProcess;
  #said = "";
  /** Resolves with the exit status, or null after a signal or when the program could not be started. */
  readonly exited: Promise<number | null>;

  /** `pipes`: how many outputs beside standard output, as descriptors 3, 4, …. */
  constructor(args: readonly string[], options: { readonly program?: string; readonly pipes?: number } = {}) {
    const more = Array.from({ length: options.pipes ?? 0 }, () => "pipe" as const);
    const quiet = ["-hide_banner", "-loglevel", "error", "-nostdin"];
    this.#process = spawn(options.program ?? "ffmpeg", [...quiet, ...args], {
      stdio: ["pipe", "pipe", "pipe", ...more],
    });
    this.exited = new Promise((resolve) => {
      this.#process.once("error", () => resolve(null));
      this.#process.once("close", (code) => resolve(code));
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-MAX_SAID_CHARACTERS);
    });
    // A pipe that breaks is followed by the exit.
    this.#process.stdin?.on("error", () => {});
  }

  get stdin(): Writable {
    return this.#process.stdin as Writable;
  }

  get stdout(): Readable {
    return this.#process.stdout as Readable;
  }

  /** The output with this descriptor. */
  pipe(descriptor: number): Readable {
    return this.#process.stdio[descriptor] as Readable;
  }

  /** What it has said on standard error. */
  get said(): string {
    return this.#said.trim();
  }

  /** Called with what it says, as soon as it does. */
  onSaid(listener: (text: string) => void): void {
    this.#process.stderr?.on("data", listener);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
