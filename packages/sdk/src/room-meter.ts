import { type ReadonlySignal, signal } from "@preact/signals-core";
import { QualityMeter, type QualitySurroundings } from "./quality/quality-meter.ts";
import type { RoomStatistics, TrackStatistics } from "./room.ts";
import { type TrackCounts, TrackMeter } from "./track-meter.ts";

/** Before anything was measured. */
export const NO_STATISTICS: RoomStatistics = {
  tracks: new Map(),
  quality: new Map(),
  roundTripMs: null,
  malformedMessages: 0,
};

/** What is measured of a room: rates once a second, loudness ten times. */
export class RoomMeter {
  readonly #meters = new Map<string, TrackMeter>();
  readonly #quality = new QualityMeter();
  readonly #statistics = signal<RoomStatistics>(NO_STATISTICS);
  readonly #levels = signal<ReadonlyMap<string, number>>(new Map());
  readonly statistics: ReadonlySignal<RoomStatistics> = this.#statistics;
  readonly levels: ReadonlySignal<ReadonlyMap<string, number>> = this.#levels;

  /** To be called once a second. */
  measure(
    tracks: Iterable<readonly [string, TrackCounts]>,
    room: QualitySurroundings & { readonly roundTripMs: number | null; readonly malformedMessages: number },
  ): void {
    const { nowMs, roundTripMs, malformedMessages } = room;
    const measured = new Map<string, TrackStatistics>();
    for (const [key, counts] of tracks) {
      const meter = this.#meters.get(key) ?? new TrackMeter();
      this.#meters.set(key, meter);
      measured.set(key, meter.read(counts, nowMs));
    }
    for (const key of this.#meters.keys()) if (!measured.has(key)) this.#meters.delete(key);
    const quality = this.#quality.measure(measured, room);
    this.#statistics.value = { tracks: measured, quality, roundTripMs, malformedMessages };
  }

  /** Silence and what cannot be seen to differ make no new value. */
  listen(levels: ReadonlyMap<string, number>): void {
    const rounded = new Map([...levels].map(([peer, level]) => [peer, Math.round(level * 100) / 100]));
    const before = this.#levels.peek();
    const same = rounded.size === before.size && [...rounded].every(([peer, level]) => before.get(peer) === level);
    if (!same) this.#levels.value = rounded;
  }
}
