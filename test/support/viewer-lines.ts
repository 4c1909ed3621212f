import { middle } from "./meeting-summary.ts";
import type { NetworkFigures } from "./network-profiles.ts";
import type { Program } from "./program.ts";

/** One second of one track, as test/support/counting-viewer.mjs prints it. */
export interface ViewerTrack {
  /** Missing when that person has gone. */
  readonly from?: string;
  readonly direction: "in" | "out";
  readonly kind: "audio" | "video";
  readonly fps: number;
  readonly kbps: number;
  readonly widthPx: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  readonly counters: Readonly<Record<string, number>>;
}

/** One line of it. */
export interface ViewerLine {
  readonly t: number;
  readonly tracks: readonly ViewerTrack[];
  /** Since the beginning: when no picture came for a second or more. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Since the beginning, a new one at each change: "name status" of everybody else. */
  readonly presence: readonly { readonly atMs: number; readonly present: readonly string[] }[];
}

/** What a viewer has printed so far; only the newest lines with `last`. */
export function viewerLines(viewer: Program, { last = Number.POSITIVE_INFINITY } = {}): ViewerLine[] {
  const whole = viewer.stdout.slice(0, viewer.stdout.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .slice(-last)
    .map((line) => JSON.parse(line) as ViewerLine);
}

/** A track of somebody in one line. */
export function trackOf(line: ViewerLine | undefined, from: string, kind: "audio" | "video"): ViewerTrack | undefined {
  return line?.tracks.find((track) => track.direction === "in" && track.from === from && track.kind === kind);
}

/** How `from` came through in these seconds, which follow one another. */
export function figuresOf(lines: readonly ViewerLine[], from: string): NetworkFigures {
  const of = (kind: "audio" | "video") => lines.flatMap((line) => trackOf(line, from, kind) ?? []);
  const [sound, pictures] = [of("audio"), of("video")];
  const seconds = ((lines.at(-1)?.t ?? Number.NaN) - (lines[0]?.t ?? Number.NaN)) / 1000;
  const soundPerSecond = sound.slice(1).map((line, i) => grown([sound[i] as ViewerTrack, line], "packetsReceived"));
  return {
    mouthToEarP95Ms: Math.round(middle(sound.flatMap(({ latencyMs }) => latencyMs?.p95 ?? []))),
    concealedPercent: rounded((grown(sound, "concealedSamples") / grown(sound, "totalSamplesReceived")) * 100),
    silentSeconds: soundPerSecond.filter((packets) => packets === 0).length,
    freezesPerMinute: rounded((grown(pictures, "freezeCount") * 60) / seconds),
    frozenPercent: rounded((grown(pictures, "totalFreezesDuration") * 100) / seconds),
    pictureP95Ms: Math.round(middle(pictures.flatMap(({ latencyMs }) => latencyMs?.p95 ?? []))),
    inStepPercent: rounded(inStep(lines, from) * 100),
    picturesPerS: rounded(grown(pictures, "framesRendered") / seconds),
    kbps: Math.round(middle(pictures.map(({ kbps }) => kbps))),
  };
}

/** How much a counter rose. One that began anew, because the track did, counts from there. */
function grown(tracks: readonly ViewerTrack[], counter: string): number {
  const values = tracks.map(({ counters }) => counters[counter] ?? Number.NaN);
  return values
    .slice(1)
    .reduce((sum, value, i) => sum + (value >= (values[i] ?? 0) ? value - (values[i] ?? 0) : value), 0);
}

/** The part of the seconds in which picture and sound belong together: how much earlier the sound was, by both latencies. */
function inStep(lines: readonly ViewerLine[], from: string): number {
  const early = lines.flatMap((line) => {
    const [sound, picture] = [trackOf(line, from, "audio")?.latencyMs, trackOf(line, from, "video")?.latencyMs];
    return sound && picture ? [picture.p50 - sound.p50] : [];
  });
  return early.filter((ms) => ms <= 45 && ms >= -125).length / early.length;
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}
