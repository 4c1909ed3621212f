import type { CodecBackend, PcmBlock, Picture } from "../codec.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSender } from "../transport.ts";

/** How a sound track is published. */
export interface AudioPublisherOptions {
  readonly backend: CodecBackend<Picture>;
  readonly sender: MediaSender;
  readonly topic: string;
  /** 1 when left out. */
  readonly channels?: 1 | 2;
  /** 32 kbit/s when left out. */
  readonly bitrateBps?: number;
  /** 20 when left out. */
  readonly frameDurationMs?: 20 | 40 | 60;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /** The encoder failed too often; nothing more is sent. */
  readonly onError?: (error: MediaError) => void;
}

/** What a sound track has sent, under the names of webrtc-stats where they exist there. */
export interface OutboundAudioStatistics {
  readonly codec: "opus";
  readonly targetBitrate: number;
  readonly framesEncoded: number;
  readonly packetsSent: number;
  readonly bytesSent: number;
  /** Encoded, but not sent: there was no connection, or too much waited. */
  readonly packetsDropped: number;
  readonly encoderErrors: number;
}

/** One sound track on its way out: blocks of any size in, a packet every 20 ms out. */
export class AudioPublisher {
  constructor(options: AudioPublisherOptions) {
    throw new Error(`not yet ${options}`);
  }

  /** Loudness of the last frame, 0 to 1; 0 while muted. */
  get level(): number {
    throw new Error("not yet");
  }

  get muted(): boolean {
    throw new Error("not yet");
  }

  /** 48 kHz. Blocks of another number of channels are converted. */
  push(block: PcmBlock): void {
    throw new Error(`not yet ${block}`);
  }

  /** While muted nothing is sent. */
  setMuted(muted: boolean): void {
    throw new Error(`not yet ${muted}`);
  }

  setBitrate(bitrateBps: number): void {
    throw new Error(`not yet ${bitrateBps}`);
  }

  statistics(): OutboundAudioStatistics {
    throw new Error("not yet");
  }

  close(): void {}
}
