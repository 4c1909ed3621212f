import type { AudioCodec, VideoCodec } from "@mqtt-meet/protocol";

/**
 * One raw picture of a platform: a WebCodecs `VideoFrame`, or a frame of the FFmpeg libraries. Whoever is handed one
 * closes it.
 */
export interface Picture {
  /** Capture time in microseconds on the publisher's clock. */
  readonly timestamp: number;
  readonly displayWidth: number;
  readonly displayHeight: number;
  close(): void;
}

/** Raw sound: interleaved samples from -1 to 1. */
export interface PcmBlock {
  /** Capture time of the first sample in microseconds on the publisher's clock. */
  readonly timestampUs: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Float32Array;
}

/** One encoded access unit. `data` belongs to whoever receives it. */
export interface EncodedFrame {
  readonly keyFrame: boolean;
  /** No other frame needs this one, but the next discardable one where it is `between`. */
  readonly discardable: boolean;
  /** Discardable, and needed by the next discardable frame; false when left out. */
  readonly between?: boolean;
  readonly timestampUs: number;
  readonly data: Uint8Array;
}

/** Layers in time. */
export type TemporalLayers = 1 | 2 | 3;

/** What a video encoder is asked for. */
export interface VideoEncoding {
  readonly codec: VideoCodec;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames per second. */
  readonly frameRate: number;
  readonly bitrateBps: number;
  /** "detail" keeps text legible and lets the frame rate fall; "motion" is for cameras. */
  readonly content: "motion" | "detail";
  /**
   * More than 1: every second frame is discardable, or three of four, as many as there are at most and the encoder can make
   * at no cost. 1 when left out.
   */
  readonly temporalLayers?: TemporalLayers;
}

/** What a sound encoder is asked for. 48 kHz always. */
export interface AudioEncoding {
  readonly codec: AudioCodec;
  readonly channels: 1 | 2;
  readonly bitrateBps: number;
  /** 10, 20, 40 or 60. */
  readonly frameDurationMs: number;
}

/** An open video encoder. Encoded frames leave in the order of the pictures. */
export interface VideoEncoderPort<P extends Picture> {
  /** The WebCodecs codec string of what leaves, e.g. `avc1.42E01F`. */
  readonly codecString: string;
  /** As {@link VideoEncoding.temporalLayers}, of what leaves. */
  readonly temporalLayers?: TemporalLayers;
  /** Pictures accepted whose encoded frame has not left yet. */
  readonly pendingFrames: number;
  /** Takes `picture` over and closes it. */
  encode(picture: P, options: { readonly keyFrame: boolean }): void;
  /** May cost a key frame on some encoders. */
  setBitrate(bitrateBps: number): void;
  close(): void;
}

/** An open video decoder. Pictures leave in presentation order, which here is decoding order. */
export interface VideoDecoderPort {
  readonly pendingFrames: number;
  decode(frame: EncodedFrame): void;
  close(): void;
}

/** An open sound encoder. */
export interface AudioEncoderPort {
  /** Frames leave only when others follow. False when left out. */
  readonly holdsFrames?: boolean;
  encode(block: PcmBlock): void;
  setBitrate(bitrateBps: number): void;
  close(): void;
}

/** An open sound decoder. */
export interface AudioDecoderPort {
  decode(frame: EncodedFrame): void;
  close(): void;
}

/** Where an encoder or decoder delivers. After `onError` the port is closed and delivers nothing more. */
export interface Output<T> {
  readonly onOutput: (value: T) => void;
  /** The error is a `MediaError`. */
  readonly onError: (error: Error) => void;
}

/**
 * The codecs of one platform. The `open…` functions reject with a `MediaError` "codec-unsupported" where the platform
 * lacks the codec.
 */
export interface CodecBackend<P extends Picture> {
  /** Best first: what this machine encodes in real time. */
  encodableVideo(): Promise<readonly VideoCodec[]>;
  decodableVideo(): Promise<readonly VideoCodec[]>;
  openVideoEncoder(encoding: VideoEncoding, output: Output<EncodedFrame>): Promise<VideoEncoderPort<P>>;
  /** `codec` is a WebCodecs codec string, or `jpeg`. */
  openVideoDecoder(codec: string, output: Output<P>): Promise<VideoDecoderPort>;
  openAudioEncoder(encoding: AudioEncoding, output: Output<EncodedFrame>): Promise<AudioEncoderPort>;
  openAudioDecoder(codec: string, output: Output<PcmBlock>): Promise<AudioDecoderPort>;
}
