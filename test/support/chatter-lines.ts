import type { Program } from "./program.ts";

/** What test/support/chatter.mjs tells. */
export interface Chatter {
  readonly said: number;
  readonly read: readonly number[];
  readonly left: readonly string[];
}

/** The newest that a chatter has told; it tells when something is written to it. */
export function told(chatter: Program): Chatter | undefined {
  const line = chatter.stdout.trimEnd().split("\n").at(-1);
  return line ? (JSON.parse(line) as Chatter) : undefined;
}

/** Whether two who have stopped talking have read as much as the other said. */
export function isAllRead(chatters: readonly [Program, Program]): boolean {
  for (const chatter of chatters) chatter.write("\n");
  const [one, other] = chatters.map(told);
  if (one === undefined || other === undefined) return false;
  return one.read.length >= other.said && other.read.length >= one.said;
}

/** What somebody has read who has missed nothing, and seen nothing twice. */
export function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
