import type { Participant, RemoteTrack, TrackStatistics } from "../room.ts";
import { parseTrackKey } from "../track-key.ts";
import {
  type InboundFacts,
  inboundQuality,
  type OutboundFacts,
  outboundQuality,
  type ParticipantQuality,
} from "./participant-quality.ts";

/** Long enough for a freeze to count, short enough that what was is not held against what is. */
const WINDOW_S = 10;
/** Fewer seconds say nothing of a track. */
const LEAST_S = 3;
/** Measured once a second: what comes so much later was held up with everything else here. */
const LATE_MS = 500;
/** So long, or three frames, a picture may stand before that is counted second by second. */
const PATIENCE_S = 1;

interface Sample {
  readonly atMs: number;
  readonly counters: TrackStatistics["counters"];
}

/** What is known besides the tracks. */
export interface QualitySurroundings {
  readonly nowMs: number;
  readonly own: string;
  readonly participants: readonly Participant[];
  /** What waits on our connection for the others' pictures. */
  readonly downlinkQueueMs: number;
}

/** Makes of the counters of all tracks, once a second, how everybody comes through. No clock of its own. */
export class QualityMeter {
  readonly #samples = new Map<string, readonly Sample[]>();
  readonly #widest = new Map<string, number>();
  #times: readonly number[] = [];

  measure(
    tracks: ReadonlyMap<string, TrackStatistics>,
    { nowMs, own, participants, downlinkQueueMs }: QualitySurroundings,
  ): ReadonlyMap<string, ParticipantQuality> {
    this.#take(tracks, nowMs);
    const facts = { downlinkQueueMs, stalledShare: this.#stalledShare() };
    const qualities = new Map<string, ParticipantQuality>();
    const ourselves = outboundQuality([...tracks].flatMap((entry) => this.#outbound(entry)));
    if (ourselves !== undefined) qualities.set(own, ourselves);
    for (const { peer, tracks: published, status } of participants) {
      const live = published.filter(({ muted, source }) => !muted && source !== "screen");
      const inbound = live.flatMap((each) => this.#inbound(each, tracks.get(each.key)));
      const quality = status === "live" ? inboundQuality(inbound, facts) : undefined;
      if (quality !== undefined) qualities.set(peer, quality);
    }
    return qualities;
  }

  #take(tracks: ReadonlyMap<string, TrackStatistics>, nowMs: number): void {
    this.#times = [...this.#times, nowMs].slice(-WINDOW_S - 1);
    for (const [key, { counters }] of tracks) {
      const known = this.#samples.get(key) ?? [];
      const before = isAnew(known.at(-1)?.counters, counters) ? [] : known;
      this.#samples.set(key, [...before, { atMs: nowMs, counters }].slice(-WINDOW_S - 1));
    }
    for (const known of [this.#samples, this.#widest]) {
      for (const key of known.keys()) if (!tracks.has(key)) known.delete(key);
    }
  }

  #inbound({ key, frameRate }: RemoteTrack, track: TrackStatistics | undefined): InboundFacts[] {
    const samples = this.#samples.get(key) ?? [];
    const grown = growth(samples);
    if (track?.direction !== "in" || grown === undefined || track.frames === 0) return [];
    if (track.limitedBy === "louder-voices") return [];
    const { kind, latencyMs } = track;
    const common = { kind, latencyMs: latencyMs?.p50 ?? 0, queueMs: track.counters["queueDelayMs"] ?? 0 };
    if (kind === "audio") {
      const missingShare = part(grown("packetsLost"), grown("packetsReceived") + grown("packetsLost"));
      const lostShare = part(grown("concealedSamples"), grown("totalSamplesReceived"));
      return [{ ...common, lostShare, missingShare, droppedShare: 0 }];
    }
    const patienceS = Math.max(PATIENCE_S, frameRate > 0 ? 3 / frameRate : 0);
    const frozenS = Math.max(grown("totalFreezesDuration"), standingSeconds(samples) - patienceS);
    return [
      {
        ...common,
        lostShare: part(frozenS, secondsOf(samples)),
        missingShare: part(grown("framesLost"), grown("framesReceived") + grown("framesLost")),
        droppedShare: part(grown("framesDropped"), grown("framesReceived")),
      },
    ];
  }

  #outbound([key, track]: readonly [string, TrackStatistics]): OutboundFacts[] {
    const grown = growth(this.#samples.get(key) ?? []);
    const { direction, kind, limitedBy, qualityLimitationReason = "none", widthPx } = track;
    if (direction === "in" || kind === "audio" || limitedBy === "unwatched" || grown === undefined) return [];
    if (parseTrackKey(key).id.startsWith("screen")) return [];
    const widest = Math.max(widthPx, this.#widest.get(key) ?? 0);
    this.#widest.set(key, widest);
    // Without a reason it is as large and fast as whoever watches wants it.
    if (qualityLimitationReason === "none") return [{ skippedShare: 0, sizeShare: 1, qualityLimitationReason }];
    // Counters of what was left out are sums over all layers; sent is counted of the largest alone.
    const captured = grown("framesCaptured") - grown("framesPaced") / (track.layers?.length ?? 1);
    const skippedShare = part(Math.max(0, captured - grown("framesSent")), captured);
    return [{ skippedShare, sizeShare: widest > 0 ? widthPx / widest : 1, qualityLimitationReason }];
  }

  #stalledShare(): number {
    const late = this.#times.slice(1).map((atMs, i) => Math.max(0, atMs - (this.#times[i] ?? atMs) - 1000 - LATE_MS));
    const totalMs = (this.#times.at(-1) ?? 0) - (this.#times[0] ?? 0);
    return part(
      late.reduce((sum, ms) => sum + ms, 0),
      totalMs,
    );
  }
}

/** Another layer, or another decoder, counts from 0. */
function isAnew(before: Sample["counters"] | undefined, now: Sample["counters"]): boolean {
  return ["packetsReceived", "framesReceived", "framesCaptured"].some(
    (name) => (now[name] ?? 0) < (before?.[name] ?? 0),
  );
}

/** By how much a counter has grown; undefined while too little is known. */
function growth(samples: readonly Sample[]): ((name: string) => number) | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || secondsOf(samples) < LEAST_S) return undefined;
  return (name) => Math.max(0, (last.counters[name] ?? 0) - (first.counters[name] ?? 0));
}

function secondsOf(samples: readonly Sample[]): number {
  return ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1000;
}

/** A freeze is counted when it is over; until then, how long no picture was shown. */
function standingSeconds(samples: readonly Sample[]): number {
  const shown = (sample: Sample | undefined) => sample?.counters["framesRendered"] ?? 0;
  const last = samples.at(-1);
  const since = samples.findLastIndex((sample) => shown(sample) !== shown(last));
  return Math.max(0, ((last?.atMs ?? 0) - (samples[since + 1]?.atMs ?? 0)) / 1000);
}

function part(some: number, all: number): number {
  return all > 0 ? Math.min(1, some / all) : 0;
}
