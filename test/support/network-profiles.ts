/** A line's knobs, each way: ms, ms, per cent, kbit/s. 0 is none. */
export interface LineKnobs {
  readonly rtt: number;
  readonly jitter: number;
  readonly loss: number;
  readonly rate: number;
}

/** The lines of docs/performance.md. */
export const PROFILES = {
  P1: { rtt: 50, jitter: 5, loss: 0, rate: 10_000 },
  P2: { rtt: 50, jitter: 10, loss: 1, rate: 10_000 },
  P3: { rtt: 100, jitter: 10, loss: 1, rate: 6_000 },
  P4: { rtt: 100, jitter: 20, loss: 3, rate: 6_000 },
  P5: { rtt: 100, jitter: 30, loss: 5, rate: 4_000 },
  P6: { rtt: 100, jitter: 30, loss: 10, rate: 4_000 },
} as const satisfies Record<string, LineKnobs>;
export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];

/** The queue in front of a line's rate, before its tail is dropped. */
export const QUEUE_MS = 300;

/** The arguments of impair.py that make a line. */
export function lineArguments(line: LineKnobs): string[] {
  const knobs = Object.entries(line).flatMap(([knob, value]) => [`--${knob}`, String(value)]);
  return [...knobs, "--queue", String(QUEUE_MS)];
}

/** With the congestion control of both ends. `hub`: the congestion control of the broker's host; participants' systems use cubic. */
export function knobArguments(line: LineKnobs, { hub = "cubic" }: { readonly hub?: "cubic" | "bbr" } = {}): string[] {
  return [...lineArguments(line), "--congestion", "cubic", "--hub-congestion", hub];
}

/** What one receiver got over a line, beside what is wanted of it. */
export interface NetworkFigures {
  /** From the microphone's block to the ear, median over the seconds of their p95. */
  readonly mouthToEarP95Ms: number;
  /** Of the sound that was played. */
  readonly concealedPercent: number;
  /** Seconds in which not one packet of sound came. */
  readonly silentSeconds: number;
  readonly freezesPerMinute: number;
  /** Of the time. */
  readonly frozenPercent: number;
  /** From capture to display, median over the seconds of their p95. */
  readonly pictureP95Ms: number;
  /** Seconds in which the sound was at most 45 ms early and 125 ms late (ITU-R BT.1359-1). */
  readonly inStepPercent: number;
  readonly picturesPerS: number;
  readonly kbps: number;
}

/** One thing that is wanted: at least or at most, by profile. Null: nothing is. */
export interface NetworkLimit {
  readonly figure: keyof NetworkFigures;
  readonly sense: "at most" | "at least";
  readonly by: Readonly<Record<ProfileName, number | null>>;
}

function limit(
  figure: keyof NetworkFigures,
  sense: NetworkLimit["sense"],
  [P1, P2, P3, P4, P5, P6]: readonly [number, number, number, number, number | null, number | null],
): NetworkLimit {
  return { figure, sense, by: { P1, P2, P3, P4, P5, P6 } };
}

/** Derived in docs/performance.md. */
export const NETWORK_LIMITS: readonly NetworkLimit[] = [
  limit("mouthToEarP95Ms", "at most", [150, 300, 300, 400, 600, 1500]),
  limit("concealedPercent", "at most", [0.5, 2, 2, 4, 6, 12]),
  limit("silentSeconds", "at most", [0, 0, 0, 0, 0, 1]),
  limit("freezesPerMinute", "at most", [0, 1, 1, 3, null, null]),
  limit("frozenPercent", "at most", [0, 1, 1, 3, 8, null]),
  limit("pictureP95Ms", "at most", [200, 400, 400, 600, 900, null]),
  limit("inStepPercent", "at least", [99, 95, 95, 95, 90, null]),
];

/** Whether a figure is as wanted; where nothing is wanted it is. What was not measured (NaN) is not. */
export function isWithin({ figure, sense, by }: NetworkLimit, at: ProfileName, figures: NetworkFigures): boolean {
  const bound = by[at];
  if (bound === null) return true;
  return sense === "at most" ? figures[figure] <= bound : figures[figure] >= bound;
}
