import type { CodecBackend, EncodedFrame, Picture, VideoDecoderPort } from "@mqtt-meet/media";
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

/** Codecs that encode a picture at once, as a few bytes or, when `sized`, as many as its bitrate has for it; and decode at once, or so many bits a second. */
export function fakeBackend(
  codecs: readonly VideoCodec[],
  { sized = false, layered = false, decodedBps = Number.POSITIVE_INFINITY } = {},
): CodecBackend<FakePicture> {
  let number = 0;
  return {
    encodableVideo: async () => codecs,
    decodableVideo: async () => codecs,
    openVideoEncoder: async (encoding, { onOutput }) => ({
      codecString: encoding.codec,
      temporalLayers: layered ? 2 : 1,
      pendingFrames: 0,
      encode: (picture, { keyFrame }) => {
        const frame: EncodedFrame = {
          keyFrame,
          discardable: layered && !keyFrame && number++ % 2 === 1,
          timestampUs: picture.timestamp,
          data: encoded(encoding, { sizeBytes: sized ? encoding.bitrateBps / encoding.frameRate / 8 : 100 }),
        };
        picture.close();
        onOutput(frame);
      },
      setBitrate: () => undefined,
      close: () => undefined,
    }),
    openVideoDecoder: async (_codec, { onOutput }) =>
      decodedBps === Number.POSITIVE_INFINITY
        ? {
            pendingFrames: 0,
            decode: (frame) => onOutput(decoded(frame)),
            close: () => undefined,
          }
        : slowDecoder(decodedBps, onOutput),
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

function slowDecoder(bps: number, onOutput: (picture: FakePicture) => void): VideoDecoderPort {
  let freeMs = 0;
  let pendingFrames = 0;
  return {
    get pendingFrames() {
      return pendingFrames;
    },
    decode: (frame) => {
      pendingFrames++;
      freeMs = Math.max(freeMs, Date.now()) + (8000 * frame.data.length) / bps;
      setTimeout(() => {
        pendingFrames--;
        onOutput(decoded(frame));
      }, freeMs - Date.now());
    },
    close: () => undefined,
  };
}

function encoded(size: { readonly widthPx: number; readonly heightPx: number }, { sizeBytes = 0 }): Uint8Array {
  const data = new Uint8Array(sizeBytes);
  new DataView(data.buffer).setUint16(0, size.widthPx);
  new DataView(data.buffer).setUint16(2, size.heightPx);
  return data;
}

function decoded({ timestampUs, data }: EncodedFrame): FakePicture {
  const view = new DataView(data.buffer, data.byteOffset);
  return new FakePicture(timestampUs, { widthPx: view.getUint16(0), heightPx: view.getUint16(2) });
}
