import type { CodecBackend, EncodedFrame, Picture } from "@mqtt-meet/media";
import type { VideoCodec } from "@mqtt-meet/protocol";

/** A picture that only has a time and a size. */
export class FakePicture implements Picture {
  readonly timestamp: number;
  readonly displayWidth: number;
  readonly displayHeight: number;
  closed = false;

  constructor(timestampUs: number, { widthPx = 640, heightPx = 360 } = {}) {
    this.timestamp = timestampUs;
    this.displayWidth = widthPx;
    this.displayHeight = heightPx;
  }

  close(): void {
    this.closed = true;
  }
}

/** Codecs that encode a picture at once, as a few bytes or, when `sized`, as many as its bitrate has for it. */
export function fakeBackend(codecs: readonly VideoCodec[], { sized = false } = {}): CodecBackend<FakePicture> {
  return {
    encodableVideo: async () => codecs,
    decodableVideo: async () => codecs,
    openVideoEncoder: async (encoding, { onOutput }) => ({
      codecString: encoding.codec,
      pendingFrames: 0,
      encode: (picture, { keyFrame }) => {
        const frame: EncodedFrame = {
          keyFrame,
          discardable: false,
          timestampUs: picture.timestamp,
          data: new Uint8Array(sized ? encoding.bitrateBps / encoding.frameRate / 8 : 100),
        };
        picture.close();
        onOutput(frame);
      },
      setBitrate: () => undefined,
      close: () => undefined,
    }),
    openVideoDecoder: async (_codec, { onOutput }) => ({
      pendingFrames: 0,
      decode: (frame) => onOutput(new FakePicture(frame.timestampUs)),
      close: () => undefined,
    }),
    openAudioEncoder: async (_encoding, { onOutput }) => ({
      encode: ({ timestampUs }) =>
        onOutput({ keyFrame: true, discardable: false, timestampUs, data: new Uint8Array(20) }),
      setBitrate: () => undefined,
      close: () => undefined,
    }),
    openAudioDecoder: async (_codec, { onOutput }) => ({
      decode: ({ timestampUs }) =>
        onOutput({ timestampUs, sampleRate: 48_000, channels: 1, samples: new Float32Array(960) }),
      close: () => undefined,
    }),
  };
}
