import { CaptureProbe } from "./capture-probe.ts";
import { DisplayProbe, type Seen } from "./display-probe.ts";
import { PlayoutProbe } from "./playout-probe.ts";

/** A frame's number and when it was there. */
export interface Stamped {
  readonly number: number;
  readonly atMs: number;
}

/** Everything that the probes of a page noted so far, in milliseconds of the Unix epoch. */
export interface ProbeReport {
  readonly nowMs: number;
  readonly captured: { frames: Stamped[]; flashes: Stamped[]; beepsMs: number[] };
  readonly seen: Record<string, Seen>;
  readonly heardMs: Record<string, number[]>;
  readonly loudness: { atMs: number; rms: number }[];
}

/** Set by the test before this runs: the beeps of this page's own microphone and of the others. */
declare const probeOptions: { beepHz: number; beepsHz: readonly number[] };

const capture = new CaptureProbe(probeOptions);
const playout = new PlayoutProbe(probeOptions);
let display: DisplayProbe | undefined;
addEventListener("DOMContentLoaded", () => {
  display = new DisplayProbe();
});

function report(): ProbeReport {
  const epoch = (atMs: number) => performance.timeOrigin + atMs;
  const frames = (list: readonly Stamped[]) => list.map(({ number, atMs }) => ({ number, atMs: epoch(atMs) }));
  const seen = [...(display?.seen ?? [])].map(
    ([peer, of]) => [peer, { frames: frames(of.frames), flashes: frames(of.flashes) }] as const,
  );
  return {
    nowMs: epoch(performance.now()),
    captured: {
      frames: frames(capture.frames),
      flashes: frames(capture.flashes),
      beepsMs: capture.beepsMs.map(epoch),
    },
    seen: Object.fromEntries(seen),
    heardMs: Object.fromEntries([...playout.beepsMs].map(([hz, times]) => [String(hz), times.map(epoch)])),
    loudness: playout.loudness.map(({ atMs, rms }) => ({ atMs: epoch(atMs), rms })),
  };
}

Object.assign(globalThis, { probeReport: report });
