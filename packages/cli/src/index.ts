export type { CommandIo } from "./command-io.ts";
export { createProgram, runProgram } from "./program.ts";
export { UsageError } from "./usage-error.ts";
