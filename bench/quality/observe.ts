import { setTimeout as delay } from "node:timers/promises";
import { ProcessorShare } from "../../test/support/machine.ts";
import { cpuSeconds, descendants } from "../../test/support/processes.ts";
import type { BenchPage } from "./browsers.ts";
import type { Lab } from "./lab.ts";
import type { Counts } from "./page/contender.ts";
import type { PictureSample } from "./page/picture-samples.ts";
import type { Step } from "./profiles.ts";
import type { StepSample } from "./step-response.ts";
import type { Traffic } from "./traffic.ts";

/** A length of time in which viewers were looked at. Lists are in the order of the viewers. */
export interface Observation {
  readonly fromMs: number;
  readonly toMs: number;
  readonly before: readonly Counts[];
  readonly after: readonly Counts[];
  readonly samples: readonly (readonly PictureSample[])[];
  /** Of the first viewer; none where the line has no steps. */
  readonly steps: readonly StepSample[];
  readonly cpuSeconds: number;
  readonly traffic: { readonly before: Traffic; readonly after: Traffic };
  /** What the machine's host gave it of its processors. */
  readonly machineShare: number;
}

/** Who is looked at, and for how long. */
export interface Observed {
  readonly lab: Lab;
  readonly viewers: readonly BenchPage[];
  readonly seconds: number;
  /** Changes of the line meanwhile. */
  readonly steps?: readonly Step[] | undefined;
}

/** A picture is taken of one viewer after the other, so that three do not cost three times as much. */
const SAMPLE_EVERY_MS = 500;

/** Looks at viewers for some time, in which the line changes when it is due. */
export async function observe(observed: Observed): Promise<Observation> {
  const { lab, viewers } = observed;
  const counts = () => Promise.all(viewers.map((viewer) => viewer.do("counts")));
  const before = await counts();
  const [cpuBefore, trafficBefore, share] = [processorSeconds(lab), await lab.traffic(), new ProcessorShare()];
  const fromMs = Date.now();
  const { samples, steps } = await watch(observed, fromMs);
  const after = await counts();
  const [cpuAfter, trafficAfter, machineShare] = [processorSeconds(lab), await lab.traffic(), share.value];
  return {
    ...{ fromMs, toMs: Date.now(), before, after, samples, steps, machineShare },
    cpuSeconds: cpuAfter - cpuBefore,
    traffic: { before: trafficBefore, after: trafficAfter },
  };
}

async function watch(
  { lab, viewers, seconds, steps = [] }: Observed,
  fromMs: number,
): Promise<Pick<Observation, "samples" | "steps">> {
  const samples: PictureSample[][] = viewers.map(() => []);
  const stepSamples: StepSample[] = [];
  const due = [...steps];
  const endMs = fromMs + seconds * 1000;
  for (let [tick, nextMs] = [0, fromMs]; nextMs < endMs; tick++, nextMs += SAMPLE_EVERY_MS) {
    await delay(Math.max(0, nextMs - Date.now()));
    while (due[0] && Date.now() >= fromMs + due[0].at * seconds * 1000) lab.set("rate", due.shift()?.rateKbps ?? 0);
    const sample = await viewers[tick % viewers.length]?.do("sample");
    if (sample) samples[tick % viewers.length]?.push(sample);
    const counts = steps.length > 0 ? await viewers[0]?.do("counts") : undefined;
    if (counts) stepSamples.push({ atS: (Date.now() - fromMs) / 1000, ...counts });
  }
  await delay(Math.max(0, endMs - Date.now()));
  return { samples, steps: stepSamples.map(({ atS, queueMs, videoBytes }) => ({ atS, queueMs, videoBytes })) };
}

/** Of everything that was started, but for the line and this bench. */
export function processorSeconds(lab: Pick<Lab, "emulatorPid">): number {
  const pids = descendants(process.pid).filter((pid) => pid !== process.pid && pid !== lab.emulatorPid);
  return pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}
