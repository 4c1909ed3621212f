import type {
  InboundAudioStatistics,
  InboundVideoStatistics,
  OutboundAudioStatistics,
  OutboundVideoStatistics,
} from "@mqtt-meet/media";
import type { LayerStatistics, TrackStatistics } from "./room.ts";

/** What a pipeline has counted since it began. */
export type TrackCounts =
  | {
      readonly direction: "in";
      readonly kind: "video";
      readonly counts: InboundVideoStatistics;
      readonly layer: number;
      readonly limitedBy: "bandwidth" | "decoder" | undefined;
    }
  | {
      readonly direction: "in";
      readonly kind: "audio";
      readonly counts: InboundAudioStatistics;
      /** It is not received: others are louder. */
      readonly atRest: boolean;
    }
  | {
      readonly direction: "out";
      readonly kind: "video";
      readonly counts: OutboundVideoStatistics;
      /** The smallest first. */
      readonly layers: readonly (OutboundVideoStatistics & { readonly active: boolean })[];
      readonly watched: boolean;
    }
  | { readonly direction: "out"; readonly kind: "audio"; readonly counts: OutboundAudioStatistics };

/** What the four kinds of tracks have in common. */
interface Summary {
  readonly frames: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly freezes: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly latencyMs: TrackStatistics["latencyMs"];
  readonly jitterDelayMs: number;
  readonly limitedBy?: NonNullable<TrackStatistics["limitedBy"]>;
  readonly qualityLimitationReason?: "none" | "cpu" | "bandwidth";
  readonly layers?: readonly LayerStatistics[];
  readonly layer?: number;
}

/** Makes rates of the counters of one track. */
export class TrackMeter {
  #before: { readonly frames: number; readonly bytes: number; readonly atMs: number } | undefined;

  /** To be called about once a second. */
  read(track: TrackCounts, nowMs: number): TrackStatistics {
    const { frames, bytes, ...summary } = summarize(track);
    const before = this.#before;
    this.#before = { frames, bytes, atMs: nowMs };
    // The first reading has nothing to compare with; counters that fell belong to a pipeline that was opened again.
    const seconds = before === undefined ? Number.POSITIVE_INFINITY : (nowMs - before.atMs) / 1000;
    const rate = (now: number, then: number | undefined) =>
      seconds > 0 ? Math.max(0, now - Math.min(then ?? 0, now)) / seconds : 0;
    return {
      direction: track.direction,
      kind: track.kind,
      fps: rate(frames, before?.frames),
      kbps: (rate(bytes, before?.bytes) * 8) / 1000,
      frames,
      codec: track.counts.codec,
      counters: numbersOf(track.counts),
      ...summary,
    };
  }
}

function summarize(track: TrackCounts): Summary {
  if (track.direction === "in") {
    if (track.kind === "audio") return summarizeAudioIn(track.counts, track.atRest);
    const { counts, layer, limitedBy } = track;
    return { ...summarizeVideoIn(counts), layer, ...(limitedBy === undefined ? {} : { limitedBy }) };
  }
  if (track.kind === "video") {
    const summary = summarizeVideoOut(track.counts, track.watched);
    return track.layers.length > 1 ? { ...summary, layers: track.layers.map(layerStatistics) } : summary;
  }
  const { packetsSent, bytesSent, packetsDropped } = track.counts;
  return { ...NOTHING, frames: packetsSent, bytes: bytesSent, dropped: packetsDropped };
}

const NOTHING = { freezes: 0, widthPx: 0, heightPx: 0, latencyMs: null, jitterDelayMs: 0 };

function summarizeVideoIn(counts: InboundVideoStatistics): Summary {
  return {
    frames: counts.framesRendered,
    bytes: counts.bytesReceived,
    dropped: counts.framesDropped + counts.framesLost,
    freezes: counts.freezeCount,
    widthPx: counts.frameWidth,
    heightPx: counts.frameHeight,
    latencyMs: counts.latencyMs,
    jitterDelayMs: counts.playoutDelayMs,
  };
}

function summarizeAudioIn(counts: InboundAudioStatistics, atRest: boolean): Summary {
  return {
    ...NOTHING,
    frames: counts.packetsReceived,
    bytes: counts.bytesReceived,
    dropped: counts.packetsLost,
    freezes: counts.concealmentEvents,
    latencyMs: counts.latencyMs,
    jitterDelayMs: counts.playoutDelayMs,
    ...(atRest ? { limitedBy: "louder-voices" } : {}),
  };
}

function summarizeVideoOut(counts: OutboundVideoStatistics, watched: boolean): Summary {
  const limitedBy = watched ? limits[counts.qualityLimitationReason] : "unwatched";
  return {
    ...NOTHING,
    frames: counts.framesSent,
    bytes: counts.bytesSent,
    dropped: counts.framesSkippedEncoder + counts.framesSkippedConnection + counts.framesDropped,
    widthPx: counts.frameWidth,
    heightPx: counts.frameHeight,
    ...(limitedBy === undefined ? {} : { limitedBy }),
    qualityLimitationReason: counts.qualityLimitationReason,
  };
}

function layerStatistics(
  counts: OutboundVideoStatistics & { readonly active: boolean },
  layer: number,
): LayerStatistics {
  const { frameWidth: widthPx, frameHeight: heightPx, active, framesEncoded, framesSent } = counts;
  return { layer, widthPx, heightPx, active, framesEncoded, framesSent };
}

const limits = { none: undefined, cpu: "encoder", bandwidth: "bandwidth" } as const;

function numbersOf(counts: object): Readonly<Record<string, number>> {
  const entries = Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return Object.fromEntries(entries);
}
