import type { Rotation, TrackSource, VideoCodec, VideoLayer } from "@mqtt-meet/protocol";
import type { CodecBackend, Picture } from "../codec.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSender } from "../transport.ts";

/** How a video track is published. */
export interface VideoPublisherOptions<P extends Picture> {
  readonly backend: CodecBackend<P>;
  readonly sender: MediaSender;
  /** The topic of a layer's packets. */
  readonly topic: (layer: number) => string;
  /** A screen keeps its text sharp, everything else its movement smooth. */
  readonly source: TrackSource;
  readonly codec: VideoCodec;
  /** Larger pictures are scaled down to fit into this size (upright or lying), with their aspect ratio kept. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pictures above this rate are left out. */
  readonly frameRate: number;
  readonly bitrateBps: number;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /**
   * Another reference to `picture` with another time. With it, the last picture of a source that stands still is sent
   * again for a viewer that comes later.
   */
  readonly repeat?: (picture: P, timestampUs: number) => P;
  /** The layer's entry in the catalog changed. */
  readonly onLayerChange?: (layer: VideoLayer) => void;
  /** No encoder stays open; nothing more is sent until {@link VideoPublisher.setCodec}. */
  readonly onError?: (error: MediaError) => void;
}

/** What one layer has sent, under the names of webrtc-stats where they exist there. Times in seconds. */
export interface OutboundVideoStatistics {
  readonly codec: string;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly targetBitrate: number;
  /** Pictures that came from the source. */
  readonly framesCaptured: number;
  /** Left out to keep the frame rate that was asked for. */
  readonly framesPaced: number;
  /** Skipped because the encoder was behind, or not open yet. */
  readonly framesSkippedEncoder: number;
  /** Skipped because the connection was behind, or there was none. */
  readonly framesSkippedConnection: number;
  readonly framesEncoded: number;
  readonly keyFramesEncoded: number;
  /** Encoded, but not sent. */
  readonly framesDropped: number;
  readonly framesSent: number;
  readonly packetsSent: number;
  readonly bytesSent: number;
  readonly totalEncodeTime: number;
  /** Requests for a key frame. */
  readonly pliCount: number;
  readonly encoderErrors: number;
  readonly qualityLimitationReason: "none" | "cpu" | "bandwidth";
}

/** One video track on its way out: pictures in, packets out. */
export class VideoPublisher<P extends Picture> {
  constructor(options: VideoPublisherOptions<P>) {
    throw new Error(`not yet ${options}`);
  }

  /** What the catalog says of the layer now. */
  get layer(): VideoLayer {
    throw new Error("not yet");
  }

  /** Takes `picture` over and closes it; it is skipped when the encoder or the connection is behind. */
  push(picture: P, options?: { readonly rotation?: Rotation }): void {
    throw new Error(`not yet ${picture} ${options}`);
  }

  /** Someone needs a key frame. Answered at most every 500 ms. */
  requestKeyFrame(): void {}

  /** While false (muted, or nobody watches) pictures are closed at once; the first one after it is a key frame. */
  setEnabled(enabled: boolean): void {
    throw new Error(`not yet ${enabled}`);
  }

  /** Takes effect with a key frame, as soon as the encoder is open. */
  setCodec(codec: VideoCodec): void {
    throw new Error(`not yet ${codec}`);
  }

  setBitrate(bitrateBps: number): void {
    throw new Error(`not yet ${bitrateBps}`);
  }

  statistics(): OutboundVideoStatistics {
    throw new Error("not yet");
  }

  close(): void {}
}
