/** What a bench came to. */
export interface BenchResult {
  /** Whether there is anything to be kept. */
  readonly measured: boolean;
  /** Everything, for a file. */
  readonly kept: object;
  /** Markdown. */
  readonly tables: string;
  /** How the tables came to be, after the command and the day. */
  readonly about: string;
}

/** What failed is said, and what comes after it goes on. */
export function sayFailure(title: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  console.error(`${title}: failed and left out. ${text.split("\n")[0]}`);
  return text;
}

/** Both orders take turns, so that none of several is always the first. */
export function inTurn<T>(list: readonly T[], run: number): readonly T[] {
  return run % 2 === 0 ? list : list.toReversed();
}

/** A sentence about the machine. */
export function shareText(shares: readonly number[]): string {
  const least = Math.min(1, ...shares);
  return `the machine's host gave at least ${(least * 100).toFixed(0)} % of its processors.`;
}
