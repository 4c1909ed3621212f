import { median } from "../support/statistics.ts";
import type { Placement } from "./lab.ts";
import type { Measurement } from "./measurement.ts";
import type { Aims, Profile } from "./profiles.ts";

/** The runs of all contenders on one network. */
export interface ProfileResult {
  readonly profile: Profile;
  readonly ours: readonly Measurement[];
  readonly webrtc: readonly Measurement[];
  readonly janus: readonly Measurement[];
}

/** How a comparison was set up. */
export interface Setting {
  readonly on: Placement;
  readonly hubCongestion: "cubic" | "bbr";
}

/** One aim, and what came out: "reached" or not, or undefined where there was nothing to compare with. */
export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly reached: boolean;
}

/** The middle of one figure over all runs; NaN without a run. */
export function middleOf(runs: readonly Measurement[], figure: (run: Measurement) => number): number {
  return median(runs.map(figure).filter((value) => !Number.isNaN(value)));
}

/** Bits that have to come through, as a part of WebRTC's: less where the lossy hop is sent with cubic. */
const BITS = { cubic: 0.5, bbr: 0.8 } as const;

/** Every aim of the network that can be judged, by the middle of the runs. */
export function verdictsOf({ profile, ours, webrtc, janus }: ProfileResult, setting: Setting): readonly Verdict[] {
  const { aims } = profile;
  const at = (runs: readonly Measurement[]) => (figure: (run: Measurement) => number) => middleOf(runs, figure);
  const [we, they] = [at(ours), at(webrtc)];
  const ratio = (figure: (run: Measurement) => number) => we(figure) / they(figure);
  const alone = verdictsAlone(aims, we);
  const beside: Verdict[] = [
    ...most(
      "latency p50, ratio",
      ratio(({ latencyMs }) => latencyMs.p50),
      aims.latencyP50Ratio,
    ),
    ...most(
      "latency p95, ratio",
      ratio(({ latencyMs }) => latencyMs.p95),
      aims.latencyP95Ratio,
    ),
    ...most(
      "mouth to ear p95, ratio",
      ratio(({ mouthToEarMs }) => mouthToEarMs.p95),
      aims.mouthToEarRatio,
    ),
    ...most("SSIM, loss", they(({ ssim }) => ssim) - we(({ ssim }) => ssim), aims.ssimLoss),
    ...(aims.freezes === "not more"
      ? most(
          "freezes",
          we(({ freezes }) => freezes),
          they(({ freezes }) => freezes),
        )
      : []),
    ...least(
      "bits, ratio",
      ratio(({ videoKbps }) => videoKbps),
      BITS[lossyHopBy(setting)],
    ),
  ];
  const join = least("Janus's first picture ÷ ours", at(janus)(firstPicture) / we(firstPicture), 2);
  return [...alone, ...beside, ...join].filter(({ value, limit }) => !Number.isNaN(value) && !Number.isNaN(limit));
}

const firstPicture = ({ firstPictureMs }: Measurement) => firstPictureMs;

/** The line's sender is the publisher, whose system has cubic, or the broker's host. */
function lossyHopBy({ on, hubCongestion }: Setting): "cubic" | "bbr" {
  return on === "uplink" ? "cubic" : hubCongestion;
}

function verdictsAlone(aims: Aims, we: (figure: (run: Measurement) => number) => number): Verdict[] {
  return [
    ...(aims.freezes === "none"
      ? most(
          "freezes",
          we(({ freezes }) => freezes),
          0,
        )
      : []),
    ...most(
      "concealed",
      we(({ concealed }) => concealed),
      aims.concealed,
    ),
    ...most(
      "latency p95, ms",
      we(({ latencyMs }) => latencyMs.p95),
      aims.latencyP95Ms,
    ),
    ...most(
      "mouth to ear p95, ms",
      we(({ mouthToEarMs }) => mouthToEarMs.p95),
      aims.mouthToEarP95Ms,
    ),
    ...most(
      "longest freeze, ms",
      we(({ longestFreezeMs }) => longestFreezeMs),
      aims.longestFreezeMs,
    ),
    ...most(
      "frozen, part of the time",
      we(({ frozenMs, course }) => frozenMs / 1000 / lengthS(course)),
      aims.frozen,
    ),
  ];
}

function lengthS(course: Measurement["course"]): number {
  return Math.max(1, course.at(-1)?.[0] ?? 1);
}

function most(what: string, value: number, limit: number | undefined): Verdict[] {
  return limit === undefined ? [] : [{ what: `${what} ≤`, value, limit, reached: value <= limit }];
}

function least(what: string, value: number, limit: number): Verdict[] {
  return [{ what: `${what} ≥`, value, limit, reached: value >= limit }];
}
