import type { Rotation } from "@mqtt-meet/protocol";
import type { CodecBackend, Picture } from "../codec.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSource } from "../transport.ts";
import type { PlayoutClock } from "./playout-clock.ts";

/** What belongs to a picture that is to be shown. */
export interface PictureInfo {
  /** How far to turn it clockwise. */
  readonly rotation: Rotation;
  /** On the publisher's clock. */
  readonly timestampUs: number;
}

/** How one layer of a video track is received. */
export interface VideoSubscriberOptions<P extends Picture> {
  readonly backend: CodecBackend<P>;
  readonly source: MediaSource;
  readonly filter: string;
  readonly clock: PlayoutClock;
  /** Called when `picture` is to be shown; the callee closes it. */
  readonly onPicture: (picture: P, info: PictureInfo) => void;
  /** Asks the publisher. Called at most every 500 ms. */
  readonly requestKeyFrame: () => void;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /** What to add to a time of the publisher's clock to have it on ours; undefined while unknown. For statistics only. */
  readonly clockOffsetUs?: () => number | undefined;
  /** The codec cannot be decoded here. Later key frames are tried again. */
  readonly onError?: (error: MediaError) => void;
}

/** What one layer has received, under the names of webrtc-stats where they exist there. Times in seconds. */
export interface InboundVideoStatistics {
  /** Empty before the first key frame. */
  readonly codec: string;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  readonly packetsMalformed: number;
  readonly framesReceived: number;
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  /** Received and not shown. */
  readonly framesDropped: number;
  /** Shown. */
  readonly framesRendered: number;
  /** Numbers that never came. */
  readonly framesLost: number;
  readonly freezeCount: number;
  readonly totalFreezesDuration: number;
  readonly pauseCount: number;
  readonly totalPausesDuration: number;
  readonly totalDecodeTime: number;
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmittedCount: number;
  readonly jitterBufferTargetDelay: number;
  /** Key frames asked for. */
  readonly pliCount: number;
  readonly decoderErrors: number;
  /** The delay of playout that arrival asks for now. */
  readonly playoutDelayMs: number;
  /** From capture to shown over the last seconds; null while unknown. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
}

/** One layer of somebody's video on its way in: packets in, pictures out when they are due. */
export class VideoSubscriber<P extends Picture> {
  constructor(options: VideoSubscriberOptions<P>) {
    throw new Error(`not yet ${options}`);
  }

  statistics(): InboundVideoStatistics {
    throw new Error("not yet");
  }

  close(): void {}
}
