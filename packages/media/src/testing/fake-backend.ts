import type {
  AudioDecoderPort,
  AudioEncoderPort,
  AudioEncoding,
  CodecBackend,
  EncodedFrame,
  Output,
  PcmBlock,
  Picture,
  VideoDecoderPort,
  VideoEncoderPort,
  VideoEncoding,
} from "../codec.ts";
import { MediaError } from "../media-error.ts";

/** A picture for tests that knows whether it was closed. */
export class FakePicture implements Picture {
  readonly timestamp: number;
  readonly displayWidth: number;
  readonly displayHeight: number;
  closed = false;

  constructor(timestampUs: number, size: { readonly widthPx: number; readonly heightPx: number }) {
    this.timestamp = timestampUs;
    this.displayWidth = size.widthPx;
    this.displayHeight = size.heightPx;
  }

  close(): void {
    if (this.closed) throw new Error(`The picture at ${this.timestamp} was closed twice.`);
    this.closed = true;
  }
}

/** An encoder for tests that holds what it is given until {@link deliver}. */
export class FakeVideoEncoder implements VideoEncoderPort<FakePicture> {
  readonly codecString: string;
  readonly encoding: VideoEncoding;
  readonly output: Output<EncodedFrame>;
  readonly pending: { readonly timestampUs: number; readonly keyFrame: boolean }[] = [];
  bitrateBps: number;
  closed = false;
  #first = true;

  constructor(encoding: VideoEncoding, output: Output<EncodedFrame>) {
    this.encoding = encoding;
    this.output = output;
    this.codecString = encoding.codec;
    this.bitrateBps = encoding.bitrateBps;
  }

  get pendingFrames(): number {
    return this.pending.length;
  }

  encode(picture: FakePicture, options: { readonly keyFrame: boolean }): void {
    this.pending.push({ timestampUs: picture.timestamp, keyFrame: options.keyFrame || this.#first });
    this.#first = false;
    picture.close();
  }

  setBitrate(bitrateBps: number): void {
    this.bitrateBps = bitrateBps;
  }

  close(): void {
    this.closed = true;
  }

  /** Delivers all that is pending. */
  deliver(sizeBytes = 100): void {
    for (const { timestampUs, keyFrame } of this.pending.splice(0)) {
      this.output.onOutput({ keyFrame, discardable: false, timestampUs, data: new Uint8Array(sizeBytes).fill(7) });
    }
  }
}

/** A decoder for tests that gives a picture back for each frame, at once unless it is held. */
export class FakeVideoDecoder implements VideoDecoderPort {
  readonly codec: string;
  readonly output: Output<FakePicture>;
  readonly decoded: EncodedFrame[] = [];
  readonly pending: EncodedFrame[] = [];
  held = false;
  closed = false;

  constructor(codec: string, output: Output<FakePicture>) {
    this.codec = codec;
    this.output = output;
  }

  get pendingFrames(): number {
    return this.pending.length;
  }

  decode(frame: EncodedFrame): void {
    this.decoded.push(frame);
    this.pending.push(frame);
    if (!this.held) this.deliver();
  }

  deliver(): void {
    for (let frame = this.pending.shift(); frame; frame = this.pending.shift()) {
      this.output.onOutput(new FakePicture(frame.timestampUs, { widthPx: 640, heightPx: 360 }));
    }
  }

  close(): void {
    this.closed = true;
  }
}

/** Codecs for tests: "encodes" by copying. Opening takes a microtask. */
export class FakeBackend implements CodecBackend<FakePicture> {
  readonly videoEncoders: FakeVideoEncoder[] = [];
  readonly videoDecoders: FakeVideoDecoder[] = [];
  readonly audioEncoders: {
    readonly encoding: AudioEncoding;
    readonly blocks: PcmBlock[];
    bitrateBps: number;
    closed: boolean;
  }[] = [];
  readonly audioOutputs: { encoder: Output<EncodedFrame>[]; decoder: Output<PcmBlock>[] } = {
    encoder: [],
    decoder: [],
  };
  /** What sound encoders say of themselves. */
  holdsFrames = false;
  /** While set, nothing can be opened. */
  failure: MediaError | undefined;

  async encodableVideo() {
    return ["h264", "vp8"] as const;
  }

  async decodableVideo() {
    return ["h264", "vp8"] as const;
  }

  async openVideoEncoder(encoding: VideoEncoding, output: Output<EncodedFrame>): Promise<FakeVideoEncoder> {
    if (this.failure) throw this.failure;
    const encoder = new FakeVideoEncoder(encoding, output);
    this.videoEncoders.push(encoder);
    return encoder;
  }

  async openVideoDecoder(codec: string, output: Output<FakePicture>): Promise<FakeVideoDecoder> {
    if (this.failure) throw this.failure;
    const decoder = new FakeVideoDecoder(codec, output);
    this.videoDecoders.push(decoder);
    return decoder;
  }

  async openAudioEncoder(encoding: AudioEncoding, output: Output<EncodedFrame>): Promise<AudioEncoderPort> {
    if (this.failure) throw this.failure;
    const state = { encoding, blocks: [] as PcmBlock[], bitrateBps: encoding.bitrateBps, closed: false };
    this.audioEncoders.push(state);
    this.audioOutputs.encoder.push(output);
    return {
      holdsFrames: this.holdsFrames,
      encode: (block) => {
        state.blocks.push(block);
        const data = Uint8Array.of(0, Math.round((block.samples[0] ?? 0) * 100));
        output.onOutput({ keyFrame: true, discardable: false, timestampUs: Math.floor(block.timestampUs), data });
      },
      setBitrate: (bitrateBps) => {
        state.bitrateBps = bitrateBps;
      },
      close: () => {
        state.closed = true;
      },
    };
  }

  /** Gives blocks of 20 ms with the value of the packet's second byte in hundredths. */
  async openAudioDecoder(_codec: string, output: Output<PcmBlock>): Promise<AudioDecoderPort> {
    if (this.failure) throw this.failure;
    this.audioOutputs.decoder.push(output);
    return {
      decode: ({ timestampUs, data }) => {
        const samples = new Float32Array(960).fill((data[1] ?? 0) / 100);
        output.onOutput({ timestampUs, sampleRate: 48_000, channels: 1, samples });
      },
      close: () => undefined,
    };
  }
}

/** An error as a codec reports it. */
export function codecFailure(code: "encoder-failed" | "decoder-failed" | "codec-unsupported"): MediaError {
  return new MediaError(code, "It failed for the test.");
}
