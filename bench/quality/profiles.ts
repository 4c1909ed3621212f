import { PROFILES as LINES, lineArguments } from "../../test/support/network-profiles.ts";

/** What is to be reached, beside WebRTC in the same run, on one network. Ratios are ours ÷ theirs. */
export interface Aims {
  readonly latencyP50Ratio?: number;
  readonly latencyP95Ratio?: number;
  readonly freezes?: "none" | "not more";
  readonly mouthToEarRatio?: number;
  /** Of all samples, 0 to 1. */
  readonly concealed?: number;
  /** SSIM may be so much lower. */
  readonly ssimLoss?: number;
  /** Where there is no comparison to be made: what must hold of ours alone. */
  readonly latencyP95Ms?: number;
  readonly mouthToEarP95Ms?: number;
  /** Of the time. */
  readonly frozen?: number;
  /** From the click. */
  readonly firstPictureMs?: number;
  readonly longestFreezeMs?: number;
  readonly psnrDb?: number;
  /** Of the time, 0 to 1, in which nobody notices that sound and picture are apart. */
  readonly inStep?: number;
  /** Seconds in a row in which they are further apart than anybody tolerates. */
  readonly outOfStepInARow?: number;
  readonly beepsMissedInARow?: number;
  /** Where the line's rate changes. */
  readonly queueP95Ms?: number;
  readonly calmAfterS?: number;
  readonly used?: number;
  readonly usedAfterStepUp?: number;
}

/** A change of the line in the course of a measurement. */
export interface Step {
  /** 0 to 1 of the measured time. */
  readonly at: number;
  readonly rateKbps: number;
}

/** A network: knobs of test/lab/impair.py, and what is to be reached on it. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Undefined: no line at all, everything on one host. */
  readonly knobs?: readonly string[];
  /** In the order of their times, the first at the beginning. */
  readonly steps?: readonly Step[];
  /** In less time what is to be reached cannot be seen. */
  readonly leastSeconds?: number;
  readonly aims: Aims;
}

/** From good to bad. */
export const PROFILES: readonly Profile[] = [
  {
    name: "P0",
    title: "loopback",
    aims: {
      ...{ latencyP50Ratio: 0.5, latencyP95Ratio: 0.5, freezes: "none", ssimLoss: 0.03 },
      ...{ mouthToEarRatio: 0.8, firstPictureMs: 200 },
    },
  },
  {
    name: "P1",
    title: "50 ms, 0 %, jitter 5, 10 Mbit/s",
    knobs: lineArguments(LINES.P1),
    aims: { latencyP95Ratio: 0.9, freezes: "none", mouthToEarRatio: 0.9, ssimLoss: 0.03 },
  },
  {
    name: "R50",
    title: "50 ms, 0 %",
    knobs: ["--rtt", "50"],
    aims: { latencyP95Ratio: 0.9, freezes: "none", mouthToEarRatio: 0.9, ssimLoss: 0.03 },
  },
  {
    name: "P2",
    title: "60 ms, 1 %, jitter 10, 10 Mbit/s",
    knobs: lineArguments({ rtt: 60, jitter: 10, loss: 1, rate: 10_000 }),
    aims: { latencyP95Ratio: 0.9, freezes: "not more", mouthToEarRatio: 1 },
  },
  {
    name: "P4",
    title: "100 ms, 3 %, jitter 20, 6 Mbit/s",
    knobs: lineArguments(LINES.P4),
    aims: { latencyP95Ratio: 1.2, freezes: "not more", mouthToEarRatio: 1.2, concealed: 0.04 },
  },
  {
    name: "P5",
    title: "100 ms, 5 %, jitter 30, 4 Mbit/s",
    knobs: lineArguments(LINES.P5),
    aims: {
      ...{ latencyP95Ms: 900, frozen: 0.08, psnrDb: 20 },
      ...{ mouthToEarP95Ms: 600, concealed: 0.06, beepsMissedInARow: 1, inStep: 0.9, outOfStepInARow: 2 },
    },
  },
  {
    name: "P9",
    title: "100 ms, jitter 30, 1 → 2.5 → 0.6 → 1 Mbit/s",
    knobs: lineArguments({ rtt: 100, jitter: 30, loss: 0, rate: 1_000 }),
    // RFC 8867, 5.1, in whatever time there is: after a step up it takes ten seconds until the new rate has to be used.
    steps: [
      { at: 0, rateKbps: 1_000 },
      { at: 0.4, rateKbps: 2_500 },
      { at: 0.6, rateKbps: 600 },
      { at: 0.8, rateKbps: 1_000 },
    ],
    leastSeconds: 60,
    aims: {
      ...{ calmAfterS: 3, queueP95Ms: 200, used: 0.65, usedAfterStepUp: 0.6 },
      ...{ longestFreezeMs: 1500, beepsMissedInARow: 0, concealed: 0.01 },
    },
  },
];

/** The profiles of these names, in this order. Throws where there is none. */
export function profilesNamed(names: readonly string[]): readonly Profile[] {
  return names.map((name) => {
    const profile = PROFILES.find((known) => known.name === name);
    if (profile) return profile;
    throw new Error(`There is no profile "${name}", only ${PROFILES.map((known) => known.name).join(", ")}.`);
  });
}
