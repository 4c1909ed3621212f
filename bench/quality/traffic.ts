/** Bytes that came out of the line, and packets that did not, since it is up. */
export interface Traffic {
  readonly upBytes: number;
  readonly downBytes: number;
  readonly lost: number;
  readonly overflowed: number;
}

/** What impair.py says to "stats". */
export function parseTraffic(line: string): Traffic {
  const sum = (pattern: RegExp) => [...line.matchAll(pattern)].reduce((total, [, digits]) => total + Number(digits), 0);
  return {
    upBytes: sum(/ up: sent=\d+ bytes=(\d+)/g),
    downBytes: sum(/ down: sent=\d+ bytes=(\d+)/g),
    lost: sum(/ lost=(\d+)/g),
    overflowed: sum(/ overflowed=(\d+)/g),
  };
}
