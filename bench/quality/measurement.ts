import { quantile } from "../support/statistics.ts";
import type { Counts } from "./page/contender.ts";
import type { SenderReport, ViewerReport } from "./page/harness.ts";
import { type Luma, psnrDb, scaleLuma, ssim } from "./picture-likeness.ts";
import { freezesOf, heardBeeps, latenciesOf, longestRun, skewsOf } from "./shown-frames.ts";
import type { StepResponse } from "./step-response.ts";

/** What was noted while one contender ran. */
export interface Notes {
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstPictureMs: number;
  readonly sender: SenderReport;
  readonly viewer: ViewerReport;
  readonly before: Counts;
  readonly after: Counts;
  /** Over the line, toward the viewer. */
  readonly wireBytes: number;
  /** Of all processes but the line's. */
  readonly cpuSeconds: number;
  /** Shown pictures beside those that they were made of. */
  readonly pictures: readonly { readonly shown: Luma; readonly original: Luma }[];
}

/** What one contender came to in one run on one network. */
export interface Measurement {
  readonly seconds: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly shown: number;
  readonly captured: number;
  readonly freezes: number;
  readonly frozenMs: number;
  readonly longestFreezeMs: number;
  /** From a microphone's track to what is played, without devices. */
  readonly mouthToEarMs: { readonly p50: number; readonly p95: number };
  readonly beepsSaid: number;
  readonly beepsHeard: number;
  /** Beeps are a second apart: two in a row are a gap of more than a second. */
  readonly beepsMissedInARow: number;
  /** Of the samples that were played, 0 to 1. */
  readonly concealed: number;
  /** How much earlier the sound was than the picture: the middle, and the part of the time within −125 and 45 ms. */
  readonly skewMs: number;
  readonly inStep: number;
  /** Seconds in a row in which it was outside −185 and 90 ms. */
  readonly outOfStepInARow: number;
  readonly ssim: number;
  readonly psnrDb: number;
  readonly samples: number;
  /** Payload of pictures. */
  readonly videoKbps: number;
  /** All that came over the line to the viewer; 0 where there is none. */
  readonly wireKbps: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly firstPictureMs: number;
  readonly cpuPerSecond: number;
  /** Second of the measurement, and the latency of a picture captured then. */
  readonly course: readonly (readonly [number, number])[];
  /** Where the line's rate changed, and of the first viewer. */
  readonly response?: StepResponse;
}

/** ITU-R BT.1359-1: nobody notices less. */
const IN_STEP_MS = { earliest: 45, latest: -125 };
/** The same: more is not tolerated. */
const TOLERATED_MS = { earliest: 90, latest: -185 };

/** Makes figures of what was noted. */
export function measurementOf(notes: Notes): Measurement {
  const { fromMs, toMs, sender, viewer, before, after, pictures } = notes;
  const time = { fromMs, toMs };
  const seconds = (toMs - fromMs) / 1000;
  const frames = latenciesOf(viewer.shown, { capturedMs: sender.capturedMs, ...time });
  const latencies = frames.map(({ latencyMs }) => latencyMs);
  const shownMs = viewer.shown.map(({ atMs }) => atMs);
  const freezes = freezesOf(shownMs, time);
  const beeps = heardBeeps(sender.beepsMs, { heardMs: viewer.beepsMs, ...time });
  const ears = beeps.map(({ mouthToEarMs }) => mouthToEarMs);
  const skews = skewsOf(beeps, { frames, outputLatencyMs: viewer.outputLatencyMs });
  const inside = (list: readonly number[]) => list.filter((ms) => ms >= fromMs && ms < toMs).length;
  const heard = new Set(beeps.map(({ saidMs }) => saidMs));
  const said = sender.beepsMs.filter((ms) => ms >= fromMs && ms < toMs);
  const samples = after.totalSamples - before.totalSamples;
  return {
    seconds,
    latencyMs: spread(latencies),
    shown: inside(shownMs),
    captured: inside(sender.capturedMs),
    freezes: freezes.count,
    frozenMs: freezes.totalMs,
    longestFreezeMs: freezes.longestMs,
    mouthToEarMs: spread(ears),
    beepsSaid: said.length,
    beepsHeard: beeps.length,
    beepsMissedInARow: said.length === 0 ? Number.NaN : longestRun(said.map((ms) => !heard.has(ms))),
    concealed: samples > 0 ? (after.concealedSamples - before.concealedSamples) / samples : Number.NaN,
    skewMs: quantile(skews, 0.5),
    inStep: skews.filter((ms) => isWithin(ms, IN_STEP_MS)).length / skews.length,
    outOfStepInARow: skews.length === 0 ? Number.NaN : longestRun(skews.map((ms) => !isWithin(ms, TOLERATED_MS))),
    ...likenessOf(pictures),
    samples: pictures.length,
    videoKbps: ((after.videoBytes - before.videoBytes) * 8) / 1000 / seconds,
    wireKbps: (notes.wireBytes * 8) / 1000 / seconds,
    ...sizeOf(pictures, after),
    firstPictureMs: notes.firstPictureMs,
    cpuPerSecond: notes.cpuSeconds / seconds,
    course: frames.map(({ capturedMs, latencyMs }) => [
      Math.round(capturedMs - fromMs) / 1000,
      Math.round(latencyMs * 10) / 10,
    ]),
  };
}

function isWithin(ms: number, { earliest, latest }: { earliest: number; latest: number }): boolean {
  return ms <= earliest && ms >= latest;
}

function spread(values: readonly number[]): { p50: number; p95: number } {
  return { p50: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** The middle of what was shown; at a single moment a stack may be between two sizes, and say none. */
function sizeOf(pictures: Notes["pictures"], after: Counts): { widthPx: number; heightPx: number } {
  const sizes = pictures.map(({ shown }) => shown).toSorted((a, b) => a.heightPx - b.heightPx);
  const { widthPx, heightPx } = sizes[Math.floor(sizes.length / 2)] ?? after;
  return { widthPx, heightPx };
}

/** Smaller pictures are stretched, as a display does. */
function likenessOf(pictures: Notes["pictures"]): { ssim: number; psnrDb: number } {
  const pairs = pictures.map(({ shown, original }) => ({ shown: scaleLuma(shown, original), original }));
  return {
    ssim: mean(pairs.map(({ shown, original }) => ssim(shown, original))),
    psnrDb: mean(pairs.map(({ shown, original }) => psnrDb(shown, original))),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
