import type {
  CodecBackend,
  EncodedFrame,
  Output,
  PcmBlock,
  Picture,
  VideoEncoderPort,
  VideoEncoding,
} from "@mqtt-meet/media";
import { hollowPicture } from "../support/hollow-picture.ts";

/** As loud as speech, 0 to 1. */
const PEAK = 0.2;
const SAMPLE_RATE = 48_000;
/** Of a low voice. */
const PITCH_HZ = 140;
/** A key frame is as large as so many others. */
const KEY_FRAME_WEIGHT = 5;

/**
 * Codecs without a processor's work: what they encode is as large as the bitrate says and holds nothing, what they decode is a picture of that
 * moment, or a voice. `soundMs`: how long the frame of sound is that was captured then.
 */
export function hollowCodecs(soundMs: (timestampUs: number) => number = () => 20): CodecBackend<Picture> {
  return {
    encodableVideo: async () => ["vp8"],
    decodableVideo: async () => ["vp8"],
    openVideoEncoder: async (encoding, output) => new HollowEncoder(encoding, output),
    openAudioEncoder: async ({ bitrateBps, frameDurationMs = 20 }, { onOutput }) => ({
      encode: ({ timestampUs }) =>
        onOutput(encoded({ keyFrame: true, timestampUs, sizeBytes: (bitrateBps * frameDurationMs) / 8000 })),
      setBitrate: () => undefined,
      close: () => undefined,
    }),
    openVideoDecoder: async (_codec, { onOutput }) => ({
      pendingFrames: 0,
      decode: ({ timestampUs }) => onOutput(hollowPicture(timestampUs)),
      close: () => undefined,
    }),
    openAudioDecoder: async (_codec, { onOutput }) => ({
      decode: ({ timestampUs }) => onOutput(voice(timestampUs, soundMs(timestampUs))),
      close: () => undefined,
    }),
  };
}

class HollowEncoder implements VideoEncoderPort<Picture> {
  readonly codecString = "vp8";
  readonly pendingFrames = 0;
  readonly #encoding: VideoEncoding;
  readonly #output: Output<EncodedFrame>;
  #bitrateBps: number;

  constructor(encoding: VideoEncoding, output: Output<EncodedFrame>) {
    this.#encoding = encoding;
    this.#output = output;
    this.#bitrateBps = encoding.bitrateBps;
  }

  encode(picture: Picture, { keyFrame }: { readonly keyFrame: boolean }): void {
    const usualBytes = this.#bitrateBps / this.#encoding.frameRate / 8;
    const sizeBytes = usualBytes * (keyFrame ? KEY_FRAME_WEIGHT : 1);
    this.#output.onOutput(encoded({ keyFrame, timestampUs: picture.timestamp, sizeBytes }));
    picture.close();
  }

  setBitrate(bitrateBps: number): void {
    this.#bitrateBps = bitrateBps;
  }

  close(): void {
    // It holds nothing.
  }
}

function encoded(frame: {
  readonly keyFrame: boolean;
  readonly timestampUs: number;
  readonly sizeBytes: number;
}): EncodedFrame {
  const { keyFrame, timestampUs, sizeBytes } = frame;
  return { keyFrame, discardable: false, timestampUs, data: new Uint8Array(Math.ceil(sizeBytes)) };
}

/** Words of half a second, with as long a silence between them: what is stretched and cut is found in it as in speech. */
export function voice(timestampUs: number, durationMs: number): PcmBlock {
  const count = Math.round((durationMs * SAMPLE_RATE) / 1000);
  const samples = Float32Array.from({ length: count }, (_, i) => {
    const seconds = (timestampUs % 1e9) / 1e6 + i / SAMPLE_RATE;
    return seconds % 1 < 0.5 ? PEAK * Math.sin(2 * Math.PI * PITCH_HZ * seconds) : 0;
  });
  return { timestampUs, sampleRate: SAMPLE_RATE, channels: 1, samples };
}
