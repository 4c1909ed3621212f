import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "./project-root.ts";

/** What comes is waited for as long as this: a machine whose host takes its processors away stands still for a minute. */
const PATIENCE_MS = 180_000;
/** How long a program that is told to end may take before it is killed. */
const END_MS = 8_000;

/** What a program is started with. */
export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Starts it in a process group of its own, so that a signal can go to the whole group as a terminal's Ctrl-C does. */
  readonly group?: boolean;
  /** For its standard input, which is closed after it. */
  readonly input?: string | Uint8Array;
  /** Throws its standard output away: for programs that print without end. */
  readonly silent?: boolean;
  /** Gets its standard output as it comes, instead of it being kept as text. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program whose output is kept. Disposing of it ends it. */
export class Program implements AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #group: boolean;
  #stdout = "";
  #stderr = "";
  #end: ProgramEnd | undefined;
  #waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    this.#group = options.group ?? false;
    this.#name = `${command} ${args.join(" ")}`;
    this.#child = spawn(command, args, {
      detached: this.#group,
      stdio: ["pipe", options.silent ? "ignore" : "pipe", "pipe"],
      ...(options.cwd ? { cwd: options.cwd } : {}),
      env: options.env ?? process.env,
    });
    this.#child.stdin?.on("error", () => {}); // a program may end without reading it
    if (options.input !== undefined) this.#child.stdin?.end(options.input);
    if (options.onOutput) this.#child.stdout?.on("data", options.onOutput);
    else this.#readText();
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = this.#stderr + text;
      this.#wake();
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (code, signal) => {
        this.#end = { code, signal };
        this.#wake();
        resolve({ code, signal });
      });
    });
    this.ended.catch(() => {}); // told to whoever waits
    this.pid = this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get running(): boolean {
    return this.#end === undefined;
  }

  /** Everything that it said, for the message of a failing test. */
  get said(): string {
    return `${this.#name}\n${this.#stdout}${this.#stderr}`;
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Ends its standard input. */
  closeInput(): void {
    this.#child.stdin?.end();
  }

  /** The first match of `pattern` in its output, standard output before standard error. */
  async says(pattern: RegExp, { withinMs = PATIENCE_MS } = {}): Promise<RegExpExecArray> {
    const deadline = Date.now() + withinMs;
    while (true) {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match) return match;
      if (this.#end)
        throw new Error(`Ended with ${this.#end.code ?? this.#end.signal} without ${pattern}: ${this.said}`);
      if (Date.now() > deadline) throw new Error(`Did not say ${pattern} within ${withinMs} ms: ${this.said}`);
      await this.#change(deadline - Date.now());
    }
  }

  /** Resolves when it ends by itself; throws when that takes longer than `withinMs`. */
  async end({ withinMs = PATIENCE_MS } = {}): Promise<ProgramEnd> {
    const deadline = Date.now() + withinMs;
    while (this.#end === undefined) {
      if (Date.now() > deadline) throw new Error(`Still runs after ${withinMs} ms: ${this.said}`);
      await this.#change(deadline - Date.now());
    }
    return this.#end;
  }

  /** Sends a signal: to its whole group when it has one of its own. */
  signal(signal: NodeJS.Signals): void {
    if (!this.running) return;
    try {
      process.kill(this.#group ? -this.pid : this.pid, signal);
    } catch {
      // it is ending by itself
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGTERM");
    await this.end({ withinMs: END_MS }).catch(() => this.signal("SIGKILL"));
    await this.ended.catch(() => {});
  }

  #readText(): void {
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout = this.#stdout + text;
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting = new Set();
  }

  async #change(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, withinMs));
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The mqtt-meet command as it was built. */
export function mqttMeet(args: readonly string[], options: ProgramOptions = {}): Program {
  return new Program(process.execPath, [join(projectRoot, "packages/cli/bin/mqtt-meet.js"), ...args], options);
}
