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
  readonly longestFreezeMs?: number;
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
  readonly steps?: readonly Step[];
  readonly aims: Aims;
}

/** From good to bad. */
export const PROFILES: readonly Profile[] = [
  {
    name: "P0",
    title: "loopback",
    aims: { latencyP50Ratio: 0.5, latencyP95Ratio: 0.5, freezes: "none", mouthToEarRatio: 0.8, ssimLoss: 0.03 },
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
    aims: { latencyP95Ms: 900, frozen: 0.08, mouthToEarP95Ms: 600, concealed: 0.06 },
  },
  {
    name: "P9",
    title: "100 ms, jitter 30, 1 → 2.5 → 0.6 → 1 Mbit/s",
    knobs: lineArguments({ rtt: 100, jitter: 30, loss: 0, rate: 1_000 }),
    steps: [
      { at: 0.2, rateKbps: 2500 },
      { at: 0.5, rateKbps: 600 },
      { at: 0.75, rateKbps: 1000 },
    ],
    aims: { longestFreezeMs: 1500, concealed: 0.01 },
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
