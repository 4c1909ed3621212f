import type { Rotation } from "@mqtt-meet/protocol";
import type { CodecBackend, Picture } from "../codec.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSource } from "../transport.ts";
import type { FreezeDetector } from "./freeze-detector.ts";
import type { PlayoutClock } from "./playout-clock.ts";
import type { QueueMeter } from "./queue-meter.ts";

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
  /** Another layer of the track is shown until this one begins: its first picture waits until it is due, too. */
  readonly successor?: boolean;
  /** What is known of the track from its other layers; known of this one only when left out. */
  readonly freezes?: FreezeDetector;
  readonly waiting?: QueueMeter;
  /** Asks the publisher. Called at most every 500 ms. */
  readonly requestKeyFrame: () => void;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /** What to add to a time of the publisher's clock to have it on ours; undefined while unknown. For statistics only. */
  readonly clockOffsetUs?: () => number | undefined;
  /** The codec cannot be decoded here, or the decoder failed. Later key frames are tried again. */
  readonly onError?: (error: MediaError) => void;
}
