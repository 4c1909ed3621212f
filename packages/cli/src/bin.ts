#!/usr/bin/env node
import { runProgram } from "./program.ts";

/** How long what is still open may keep the process from ending, once the command has ended. */
const LINGER_MS = 3_000;

/** npm passes on a Ctrl-C that the terminal has sent to everybody already: that is one, not two. */
const SAME_INTERRUPT_MS = 500;

const abort = new AbortController();
let interruptedAtMs = 0;

/** The first Ctrl-C ends the command in order; the second ends it at once. */
function interrupt(signal: NodeJS.Signals): void {
  const nowMs = performance.now();
  if (!abort.signal.aborted) {
    interruptedAtMs = nowMs;
    abort.abort();
  } else if (nowMs - interruptedAtMs > SAME_INTERRUPT_MS) {
    process.exit(signal === "SIGINT" ? 130 : 143);
  }
}

let reload: (() => void) | undefined;
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, interrupt);
process.on("SIGHUP", () => {
  if (reload && !process.stdin.isTTY) reload();
  else interrupt("SIGHUP");
});
for (const stream of [process.stdout, process.stderr]) {
  // Who reads a pipe may leave early, as `head` does: that ends the command, and is not an error.
  stream.on("error", () => abort.abort());
}

process.exitCode = await runProgram(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: abort.signal,
  env: process.env,
  onReload: (work) => {
    reload = work;
  },
});
setTimeout(() => process.exit(), LINGER_MS).unref();
