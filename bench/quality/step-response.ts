import { quantile, sum } from "../support/statistics.ts";
import type { Step } from "./profiles.ts";

/** What a viewer had counted at one moment of a measurement. */
export interface StepSample {
  /** Since the measurement began. */
  readonly atS: number;
  /** How long the newest pictures had waited in queues; NaN where the stack does not say. */
  readonly queueMs: number;
  /** Payload of pictures since the beginning. */
  readonly videoBytes: number;
}

/** How a stack followed the steps of a line's rate. */
export interface StepResponse {
  readonly queueP95Ms: number;
  /** Until the queue stayed short after a step down; the slowest of all steps down, Infinity where it never did before the next step. */
  readonly calmAfterS: number;
  /** Payload, of what the line carried and the pictures could take: 0 to 1, over the whole time. */
  readonly used: number;
  /** The same from ten seconds after a step up on, for at most five; the least of all steps up. */
  readonly usedAfterStepUp: number;
}

/** Longer is no conversation any more, together with the way of a far line (ITU-T G.114). */
const SHORT_QUEUE_MS = 150;
const RECOVERY_S = 10;
const RECOVERED_S = 5;

/** What `steps` made of a stack; `seconds` is the length of the measurement, `mostKbps` what the pictures may take at the most. */
export function stepResponseOf(
  samples: readonly StepSample[],
  {
    steps,
    seconds,
    mostKbps,
  }: { readonly steps: readonly Step[]; readonly seconds: number; readonly mostKbps: number },
): StepResponse {
  const parts = steps.map(({ at, rateKbps }, i) => ({
    fromS: at * seconds,
    toS: (steps[i + 1]?.at ?? 1) * seconds,
    rateKbps,
    beforeKbps: steps[i - 1]?.rateKbps ?? rateKbps,
  }));
  const used = (list: readonly { fromS: number; toS: number; rateKbps: number }[]) =>
    sum(list.map(({ fromS, toS }) => kbitBetween(samples, { fromS, toS }))) /
    sum(list.map(({ fromS, toS, rateKbps }) => Math.min(rateKbps, mostKbps) * (toS - fromS)));
  const down = parts.filter(({ rateKbps, beforeKbps }) => rateKbps < beforeKbps);
  const recovered = parts
    .filter(({ rateKbps, beforeKbps, fromS, toS }) => rateKbps > beforeKbps && toS - fromS > RECOVERY_S)
    .map(({ fromS, toS, rateKbps }) => {
      const startS = fromS + RECOVERY_S;
      return { fromS: startS, toS: Math.min(toS, startS + RECOVERED_S), rateKbps };
    });
  const queues = samples.map(({ queueMs }) => queueMs);
  return {
    queueP95Ms: queues.some(Number.isNaN) ? Number.NaN : quantile(queues, 0.95),
    calmAfterS: Math.max(...down.map((part) => calmAfterS(samples, part))),
    used: used(parts),
    usedAfterStepUp: Math.min(...recovered.map((part) => used([part]))),
  };
}

function calmAfterS(samples: readonly StepSample[], { fromS, toS }: { fromS: number; toS: number }): number {
  const inside = samples.filter(({ atS }) => atS >= fromS && atS < toS);
  if (inside.length === 0 || inside.some(({ queueMs }) => Number.isNaN(queueMs))) return Number.NaN;
  const last = inside.findLastIndex(({ queueMs }) => queueMs > SHORT_QUEUE_MS);
  const calm = inside[last + 1];
  if (calm === undefined) return Number.POSITIVE_INFINITY;
  return last < 0 ? 0 : calm.atS - fromS;
}

/** Between the samples nearest to the two moments, for as long as the moments are apart. */
function kbitBetween(samples: readonly StepSample[], { fromS, toS }: { fromS: number; toS: number }): number {
  const [from, to] = [nearest(samples, fromS), nearest(samples, toS)];
  if (from === undefined || to === undefined || to.atS <= from.atS) return Number.NaN;
  return (((to.videoBytes - from.videoBytes) * 8) / 1000 / (to.atS - from.atS)) * (toS - fromS);
}

function nearest(samples: readonly StepSample[], atS: number): StepSample | undefined {
  return samples.reduce<StepSample | undefined>(
    (best, sample) => (best && Math.abs(best.atS - atS) <= Math.abs(sample.atS - atS) ? best : sample),
    undefined,
  );
}
