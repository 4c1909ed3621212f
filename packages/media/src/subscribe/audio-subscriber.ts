import type { CodecBackend, Picture } from "../codec.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSource } from "../transport.ts";
import type { PcmSink } from "./pcm-sink.ts";
import type { PlayoutClock } from "./playout-clock.ts";

/** How a sound track is received. */
export interface AudioSubscriberOptions {
  readonly backend: CodecBackend<Picture>;
  readonly source: MediaSource;
  readonly filter: string;
  readonly clock: PlayoutClock;
  /** Closed with the subscriber. */
  readonly sink: PcmSink;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /** What to add to a time of the publisher's clock to have it on ours; undefined while unknown. For statistics only. */
  readonly clockOffsetUs?: () => number | undefined;
  readonly onError?: (error: MediaError) => void;
}

/** What a sound track has received, under the names of webrtc-stats. Times in seconds, samples per channel. */
export interface InboundAudioStatistics {
  readonly codec: "opus";
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  readonly packetsMalformed: number;
  readonly packetsLost: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
  readonly concealmentEvents: number;
  readonly insertedSamplesForDeceleration: number;
  readonly removedSamplesForAcceleration: number;
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmittedCount: number;
  readonly jitterBufferTargetDelay: number;
  readonly decoderErrors: number;
  readonly playoutDelayMs: number;
  /** From the microphone's block to the ear over the last seconds; null while unknown. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
}

/** Somebody's sound on its way in: packets in, a sink that never falls behind out. */
export class AudioSubscriber {
  constructor(options: AudioSubscriberOptions) {
    throw new Error(`not yet ${options}`);
  }

  /** Loudness of the last frame, 0 to 1; 0 when nothing has come for a while. */
  get level(): number {
    throw new Error("not yet");
  }

  statistics(): InboundAudioStatistics {
    throw new Error("not yet");
  }

  close(): void {}
}
