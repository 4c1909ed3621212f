import { PassThrough } from "node:stream";
import type { CommandIo } from "../command-io.ts";
import { runProgram } from "../program.ts";
import type { EndLine, TrackLine } from "../track-line.ts";

/** A command that runs, as {@link runCommand} starts it. */
export interface RunningCommand {
  /** Resolves at its end. */
  readonly status: Promise<number>;
  readonly stdin: PassThrough;
  /** Ctrl-C. */
  interrupt(): void;
  /** What it has written to standard output so far. */
  bytes(): Buffer;
  out(): string;
  err(): string;
  /** The lines of `--json` so far. */
  json(): (TrackLine & Partial<EndLine>)[];
}

/** Runs a command as a process would, with its streams in memory. */
export function runCommand(...args: string[]): RunningCommand {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const abort = new AbortController();
  const chunks: Buffer[] = [];
  let err = "";
  stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const io = { stdin, stdout, stderr, signal: abort.signal, env: {} } as unknown as CommandIo;
  const bytes = () => Buffer.concat(chunks);
  const whole = () => bytes().toString().split("\n").slice(0, -1);
  return {
    status: runProgram(args, io),
    stdin,
    interrupt: () => abort.abort(),
    bytes,
    out: () => bytes().toString(),
    err: () => err,
    json: () => whole().map((line) => JSON.parse(line) as TrackLine & Partial<EndLine>),
  };
}
