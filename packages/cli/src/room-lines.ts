import type { ParticipantQuality, Room, TrackStatistics } from "@mqtt-meet/sdk/node";
import type { TrackLine } from "./track-line.ts";

/** The newest second of our own tracks. */
export function ownLines(room: Room, options: { readonly name: string; readonly nowMs: number }): TrackLine[] {
  return lines(room, options.nowMs, ([, { direction }]) => (direction === "out" ? options.name : undefined));
}

/** The newest second of what is received from the others, by their names. `names`: of those that are watched. */
export function receivedLines(
  room: Room,
  options: { readonly watches: (name: string) => boolean; readonly nowMs: number },
): TrackLine[] {
  const names = new Map(room.participants.value.map(({ peer, name }) => [peer, name]));
  return lines(room, options.nowMs, ([key, { direction }]) => {
    const name = names.get(key.slice(0, key.indexOf("/")));
    return direction === "in" && name !== undefined && options.watches(name) ? name : undefined;
  });
}

function lines(
  room: Room,
  nowMs: number,
  nameOf: (entry: readonly [string, TrackStatistics]) => string | undefined,
): TrackLine[] {
  const { tracks, quality } = room.statistics.value;
  return [...tracks].flatMap((entry) => {
    const from = nameOf(entry);
    const peer = entry[0].slice(0, entry[0].indexOf("/"));
    return from === undefined ? [] : [lineOf(entry, { from, nowMs, quality: quality.get(peer) })];
  });
}

function lineOf(
  [key, track]: readonly [string, TrackStatistics],
  options: { readonly from: string; readonly nowMs: number; readonly quality: ParticipantQuality | undefined },
): TrackLine {
  const { limitedBy, qualityLimitationReason } = track;
  const { from, nowMs, quality } = options;
  return {
    t: Math.round(nowMs),
    from,
    track: key.slice(key.indexOf("/") + 1),
    fps: Math.round(track.fps * 100) / 100,
    kbps: Math.round(track.kbps),
    width: track.widthPx,
    height: track.heightPx,
    frames: track.frames,
    dropped: track.dropped,
    freezes: track.freezes,
    latencyMs: track.latencyMs ? { p50: round(track.latencyMs.p50), p95: round(track.latencyMs.p95) } : null,
    ...(limitedBy === undefined ? {} : { limitedBy }),
    ...(qualityLimitationReason === undefined ? {} : { qualityLimitationReason }),
    ...(quality === undefined ? {} : { quality }),
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
