const STEP_MS = 300;
const LONGEST_MS = 7_000;
const SPREAD_MS = 1_000;

/**
 * How long to wait before the next attempt, after `failures` failed ones in a row: 0, 0.3, 1.2, 2.7, 4.8, 7 s and up to one
 * second at random, so that the clients of a restarted server do not all come at once. `random` is from 0 to 1.
 */
export function retryDelayMs(failures: number, random: number): number {
  const round = Math.max(0, failures - 1);
  return Math.min(STEP_MS * round * round, LONGEST_MS) + random * SPREAD_MS;
}
