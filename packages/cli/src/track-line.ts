import type { ParticipantQuality, TrackStatistics } from "@mqtt-meet/sdk/node";

/** One second of one track, as `--json` prints it. */
export interface TrackLine {
  /** Milliseconds since the Unix epoch. */
  readonly t: number;
  /** The participant's name; the topic, outside of rooms. */
  readonly from: string;
  readonly track: string;
  readonly fps: number;
  readonly kbps: number;
  /** 0 for sound. */
  readonly width: number;
  readonly height: number;
  /** Since the beginning: shown or sent. */
  readonly frames: number;
  /** Since the beginning: arrived or captured, and not shown or sent. */
  readonly dropped: number;
  readonly freezes: number;
  /** From capture to display; null where the wire carries no time. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  /** What keeps the track from being better, or from being received at all; only in meetings, and only where something does. */
  readonly limitedBy?: NonNullable<TrackStatistics["limitedBy"]>;
  /** What keeps pictures that are sent in a meeting from being better. */
  readonly qualityLimitationReason?: "none" | "cpu" | "bandwidth";
  /** Of all tracks of the participant together; only in meetings, and once three seconds of them are known. */
  readonly quality?: ParticipantQuality;
}

/** The last line of `--json`: everything together. The frames are pictures where there are any. */
export interface EndLine {
  readonly end: true;
  readonly t: number;
  readonly seconds: number;
  readonly tracks: number;
  readonly frames: number;
  readonly dropped: number;
  readonly freezes: number;
}

/** Adds up what every track has counted. */
export class Totals {
  readonly #tracks = new Map<string, TrackLine>();
  readonly #startMs: number;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** The newest line of a track replaces the one before. */
  push(line: TrackLine): void {
    this.#tracks.set(`${line.from}\n${line.track}`, line);
  }

  end(nowMs: number): EndLine {
    const all = [...this.#tracks.values()];
    const pictures = all.filter(({ width }) => width > 0);
    const lines = pictures.length > 0 ? pictures : all;
    const sum = (key: "frames" | "dropped" | "freezes") => lines.reduce((total, line) => total + line[key], 0);
    return {
      end: true,
      t: nowMs,
      seconds: Math.round((nowMs - this.#startMs) / 100) / 10,
      tracks: all.length,
      frames: sum("frames"),
      dropped: sum("dropped"),
      freezes: sum("freezes"),
    };
  }
}

/** A line for people. */
export function describeTrack(line: TrackLine): string {
  const size = line.width > 0 ? ` ${line.width}x${line.height}, ${line.fps.toFixed(2)} fps,` : "";
  const latency = line.latencyMs ? `, ${Math.round(line.latencyMs.p50)} ms behind` : "";
  const dropped = line.dropped > 0 ? `, ${line.dropped} dropped` : "";
  const freezes = line.freezes > 0 ? `, ${line.freezes} ${line.freezes === 1 ? "freeze" : "freezes"}` : "";
  return `${line.from} ${line.track}:${size} ${line.kbps} kbit/s${latency}${dropped}${freezes}`;
}

/** The sentence at the end. */
export function describeEnd(end: EndLine, verb: "sent" | "shown"): string {
  const dropped = end.dropped > 0 ? `, ${end.dropped} dropped` : "";
  return `${end.frames} frames ${verb} in ${end.seconds.toFixed(1)} s${dropped}.`;
}
