import { median } from "../support/statistics.ts";
import type { Placement } from "./lab.ts";
import type { Measurement } from "./measurement.ts";
import type { Aims, Profile } from "./profiles.ts";
import type { CellResult } from "./run-cell.ts";

/** What is judged of one run of one contender. */
export type Run = Pick<CellResult, "viewers" | "mended">;

/** The runs of all contenders on one network. */
export interface ProfileResult {
  readonly profile: Profile;
  readonly ours: readonly Run[];
  readonly webrtc: readonly Run[];
  readonly janus: readonly Run[];
}

/** How a comparison was set up. */
export interface Setting {
  readonly on: Placement;
  readonly hubCongestion: "cubic" | "bbr";
}

/** One aim, and what came out. What could not be measured (NaN) is not reached. */
export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly reached: boolean;
}

/** One figure of one viewer. */
export type Figure = (of: Measurement) => number;

/** The middle of one figure over all runs, of several viewers their middle; NaN without a run. */
export function middleOf(runs: readonly (readonly Measurement[])[], figure: Figure): number {
  return median(runs.map((viewers) => median(known(viewers.map(figure)))).filter((value) => !Number.isNaN(value)));
}

/** Bits that have to come through, as a part of WebRTC's: less where the lossy hop is sent with cubic. */
const BITS = { cubic: 0.5, bbr: 0.8 } as const;

/** What holds of ours alone, whatever others do. */
const ALONE: readonly { aim: keyof Aims; what: string; least?: true; of: Figure }[] = [
  { aim: "concealed", what: "concealed", of: ({ concealed }) => concealed },
  { aim: "latencyP95Ms", what: "latency p95, ms", of: ({ latencyMs }) => latencyMs.p95 },
  { aim: "mouthToEarP95Ms", what: "mouth to ear p95, ms", of: ({ mouthToEarMs }) => mouthToEarMs.p95 },
  { aim: "firstPictureMs", what: "first picture, ms", of: ({ firstPictureMs }) => firstPictureMs },
  { aim: "longestFreezeMs", what: "longest freeze, ms", of: ({ longestFreezeMs }) => longestFreezeMs },
  { aim: "frozen", what: "frozen, part of the time", of: ({ frozenMs, seconds }) => frozenMs / 1000 / seconds },
  { aim: "psnrDb", what: "PSNR, dB", least: true, of: ({ psnrDb }) => psnrDb },
  { aim: "beepsMissedInARow", what: "beeps missed in a row", of: ({ beepsMissedInARow }) => beepsMissedInARow },
  { aim: "inStep", what: "sound in step, part of the time", least: true, of: ({ inStep }) => inStep },
  { aim: "outOfStepInARow", what: "seconds out of step in a row", of: ({ outOfStepInARow }) => outOfStepInARow },
  {
    aim: "calmAfterS",
    what: "queue below 150 ms after a step down, s",
    of: ({ response }) => orNone(response?.calmAfterS),
  },
  { aim: "queueP95Ms", what: "queue p95, ms", of: ({ response }) => orNone(response?.queueP95Ms) },
  { aim: "used", what: "used of the line", least: true, of: ({ response }) => orNone(response?.used) },
  {
    aim: "usedAfterStepUp",
    what: "used 10 s after a step up",
    least: true,
    of: ({ response }) => orNone(response?.usedAfterStepUp),
  },
];

/** What holds of ours beside WebRTC, as a ratio. */
const BESIDE: readonly { aim: keyof Aims; what: string; of: Figure }[] = [
  { aim: "latencyP50Ratio", what: "latency p50, ratio", of: ({ latencyMs }) => latencyMs.p50 },
  { aim: "latencyP95Ratio", what: "latency p95, ratio", of: ({ latencyMs }) => latencyMs.p95 },
  { aim: "mouthToEarRatio", what: "mouth to ear p95, ratio", of: ({ mouthToEarMs }) => mouthToEarMs.p95 },
];

/** Janus's first picture takes at least so many times as long as ours. */
const FIRST_PICTURE_RATIO = 2;

/** One weak viewer is to change nothing for the others: neither the size of what they see, nor how much of it, nor their sound by more. */
const OTHERS = { lines: 1, shown: 0.9, mouthToEarMs: 10 };

/** Every aim of the network that can be judged, by the middle of the runs: of all viewers, or of the one at the end of the line. */
export function verdictsOf(result: ProfileResult, setting: Setting): readonly Verdict[] {
  const { profile, ours, webrtc, janus } = result;
  const judged = (runs: readonly Run[]) =>
    runs.map(({ viewers }) => (setting.on === "downlink" ? viewers.slice(0, 1) : viewers));
  const at = (runs: readonly Run[]) => (figure: Figure) => middleOf(judged(runs), figure);
  const [we, they, sfu] = [at(ours), at(webrtc), at(janus)];
  return [
    ...(ours.length > 0 ? verdictsAlone(profile.aims, we) : []),
    ...(ours.length > 0 && webrtc.length > 0 ? verdictsBeside(profile.aims, { we, they, setting }) : []),
    ...(ours.length > 0 && janus.length > 0
      ? [least("Janus's first picture ÷ ours", sfu(firstPicture) / we(firstPicture), FIRST_PICTURE_RATIO)]
      : []),
    ...verdictsOfOthers(ours),
  ];
}

type Middle = (figure: Figure) => number;

const freezes: Figure = (of) => of.freezes;
const firstPicture: Figure = ({ firstPictureMs }) => firstPictureMs;

function verdictsAlone(aims: Aims, we: Middle): Verdict[] {
  const limits = ALONE.flatMap(({ aim, what, least: atLeast, of }) => {
    const limit = aims[aim];
    if (typeof limit !== "number") return [];
    return [(atLeast ? least : most)(what, we(of), limit)];
  });
  return [...(aims.freezes === "none" ? [most("freezes", we(freezes), 0)] : []), ...limits];
}

function verdictsBeside(
  aims: Aims,
  { we, they, setting }: { we: Middle; they: Middle; setting: Setting },
): readonly Verdict[] {
  const ratios = BESIDE.flatMap(({ aim, what, of }) => {
    const limit = aims[aim];
    return typeof limit === "number" ? [most(what, we(of) / they(of), limit)] : [];
  });
  const likeness: Figure = ({ ssim }) => ssim;
  const bits: Figure = ({ videoKbps }) => videoKbps;
  return [
    ...ratios,
    ...(aims.ssimLoss === undefined ? [] : [most("SSIM, loss", they(likeness) - we(likeness), aims.ssimLoss)]),
    ...(aims.freezes === "not more" ? [most("freezes", we(freezes), they(freezes))] : []),
    least("bits, ratio", we(bits) / they(bits), BITS[lossyHopBy(setting)]),
  ];
}

/** The line's sender is the publisher, whose system has cubic, or the broker's host. */
function lossyHopBy({ on, hubCongestion }: Setting): "cubic" | "bbr" {
  return on === "uplink" ? "cubic" : hubCongestion;
}

/** The others beside the weak viewer, and the same people once its line was whole. */
function verdictsOfOthers(runs: readonly Run[]): Verdict[] {
  const compared = runs.filter(({ mended }) => mended.length > 1);
  if (compared.length === 0) return [];
  const change = (by: (beside: number, mended: number) => number, figure: Figure) =>
    median(
      known(
        compared.map(({ viewers, mended }) =>
          by(median(known(viewers.slice(1).map(figure))), median(known(mended.slice(1).map(figure)))),
        ),
      ),
    );
  const ratio = (beside: number, mended: number) => beside / mended;
  const shown: Figure = (of) => of.shown / of.captured;
  const sound: Figure = ({ mouthToEarMs }) => mouthToEarMs.p95;
  return [
    least(
      "the others beside a weak one: lines, ratio",
      change(ratio, ({ heightPx }) => heightPx),
      OTHERS.lines,
    ),
    least("the others: pictures shown, ratio", change(ratio, shown), OTHERS.shown),
    most(
      "the others: mouth to ear p95, ms more",
      change((a, b) => a - b, sound),
      OTHERS.mouthToEarMs,
    ),
  ];
}

function known(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}

function orNone(value: number | undefined): number {
  return value ?? Number.NaN;
}

function most(what: string, value: number, limit: number): Verdict {
  return { what: `${what} ≤`, value, limit, reached: value <= limit };
}

function least(what: string, value: number, limit: number): Verdict {
  return { what: `${what} ≥`, value, limit, reached: value >= limit };
}
