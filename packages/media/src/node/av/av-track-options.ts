import type { Stream } from "node-av/lib";
import type { SourceTiming } from "../source-timing.ts";
import type { AvStreamDecoder } from "./av-stream-decoder.ts";
import type { PacketQueue } from "./packet-queue.ts";

/** What a track of a source works with. */
export interface AvTrackOptions<Outlet> {
  /** Taken over. */
  readonly decoder: AvStreamDecoder;
  readonly queue: PacketQueue;
  readonly outlet: Outlet;
  readonly timing: SourceTiming;
  /** The timestamp of the source's beginning, in microseconds. */
  readonly startUs: number;
  readonly stream: Stream;
  /** Aborted when the source is closed. */
  readonly signal: AbortSignal;
}
