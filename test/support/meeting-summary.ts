import type { Reception } from "./meeting.ts";

/** The middle of some numbers, NaN when there are none. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A reception in one line, for people. */
export function summarize({ decoded, displayed, freezesPerMinute, beepsHeard, skewsMs }: Reception): string {
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
  const sorted = skewsMs.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  return (
    `decoded ${percent(decoded)}, displayed ${percent(displayed)}, ${freezesPerMinute.toFixed(1)} freezes a minute, beeps ${percent(beepsHeard)}, ` +
    `sound early by ${middle(skewsMs).toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)})`
  );
}
