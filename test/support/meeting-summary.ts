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

/** One thing that is wanted of a meeting. */
export interface MeetingLimit {
  readonly name: string;
  readonly of: (reception: Reception) => number;
  readonly holds: (median: number) => boolean;
}

/** What is wanted of a meeting on two processors. The skew is within ITU-R BT.1359-1's limits of detectability. */
export const MEETING_LIMITS: readonly MeetingLimit[] = [
  { name: "decoded, at least 0.9 of what was captured", of: ({ decoded }) => decoded, holds: (x) => x >= 0.9 },
  { name: "freezes, at most 1 a minute", of: ({ freezesPerMinute }) => freezesPerMinute, holds: (x) => x <= 1 },
  { name: "beeps heard, at least 0.9 of them", of: ({ beepsHeard }) => beepsHeard, holds: (x) => x >= 0.9 },
  {
    name: "in step (sound early by -125 to 45 ms), at least 0.95 of the time",
    of: ({ skewsMs }) => skewsMs.filter((ms) => ms <= 45 && ms >= -125).length / skewsMs.length,
    holds: (x) => x >= 0.95,
  },
];
