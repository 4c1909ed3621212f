/** How a search goes on: where it begins, how fine it is, and what is tried at the most. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  /** What is tried is a multiple of it. */
  readonly step: number;
}

/** A finer answer than this part of a number says nothing on a machine that others share. */
const FINE_PART = 0.2;

/** A machine that others share stands still for a while: what fails is tried once more. */
const ATTEMPTS = 2;

/**
 * The largest number for which `tryOnce` is true, found by doubling until it is not, and then by halving what lies between;
 * 0 when not even the first one holds. It is as fine as a step, or a fifth of the answer.
 */
export async function largestThatHolds(
  tryOnce: (count: number) => Promise<boolean>,
  { from, to, step }: SearchRange,
): Promise<number> {
  const holds = async (count: number) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (await tryOnce(count)) return true;
    return false;
  };
  let [good, next] = [0, from];
  while (next <= to && (await holds(next))) {
    good = next;
    next = Math.min(next * 2, to);
    if (good === to) return good;
  }
  let bad = next;
  while (bad - good > Math.max(step, good * FINE_PART)) {
    const middle = Math.round((good + bad) / 2 / step) * step;
    if (middle <= good || middle >= bad) break;
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
