import type { TrackSource, VideoCodec, VideoLayer } from "@mqtt-meet/protocol";
import type { CodecBackend, Picture } from "../codec.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSender } from "../transport.ts";
import type { TemporalLane } from "./layer-sender.ts";

/** How a video track is published. */
export interface VideoPublisherOptions<P extends Picture> {
  readonly backend: CodecBackend<P>;
  readonly sender: MediaSender;
  /** The topic of the packets of a temporal layer of a layer (docs/protocol.md, T4). */
  readonly topic: (layer: number, temporal: TemporalLane) => string;
  /** Which layer of its track this is; 0 when left out. */
  readonly layer?: number;
  /** No encoder is open but while pictures are wanted. */
  readonly lazy?: boolean;
  readonly source: TrackSource;
  /** "detail" keeps text sharp, "motion" movement smooth. Left out: a screen is "detail", everything else "motion". */
  readonly content?: "motion" | "detail" | undefined;
  readonly codec: VideoCodec;
  /** Larger pictures are scaled down to fit into this size (upright or lying), with their aspect ratio kept. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pictures above this rate are left out. */
  readonly frameRate: number;
  readonly bitrateBps: number;
  /** Milliseconds since the Unix epoch; the wall clock when left out. */
  readonly nowMs?: () => number;
  /**
   * Another reference to `picture` with another time. With it, the last picture of a source that stands still is sent
   * again for a viewer that comes later.
   */
  readonly repeat?: (picture: P, timestampUs: number) => P;
  /** The layer's entry in the catalog changed. */
  readonly onLayerChange?: (layer: VideoLayer) => void;
  /** No encoder stays open; nothing more is sent until `setCodec`. */
  readonly onError?: (error: MediaError) => void;
}
