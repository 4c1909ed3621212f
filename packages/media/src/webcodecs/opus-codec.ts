import type { AudioDecoderPort, AudioEncoderPort, AudioEncoding, EncodedFrame, Output, PcmBlock } from "../codec.ts";
import { MediaError } from "../media-error.ts";
import { OPUS_COMPLEXITY } from "../opus-complexity.ts";
import { SAMPLE_RATE } from "../sound.ts";

/** The bit of an Opus packet's first byte that says stereo (RFC 6716, 3.1). */
const STEREO = 0x04;

/** Opens an `AudioEncoder` for Opus. Rejects with a MediaError "codec-unsupported" where there is none. */
export async function openOpusEncoder(
  encoding: AudioEncoding,
  output: Output<EncodedFrame>,
): Promise<AudioEncoderPort> {
  const config: AudioEncoderConfig = {
    codec: "opus",
    sampleRate: SAMPLE_RATE,
    numberOfChannels: encoding.channels,
    bitrate: encoding.bitrateBps,
    opus: { format: "opus", frameDuration: encoding.frameDurationMs * 1000, complexity: OPUS_COMPLEXITY },
  };
  if (typeof AudioEncoder !== "undefined") {
    const { supported } = await AudioEncoder.isConfigSupported(config);
    if (supported) return new OpusEncoder(config, output);
  }
  throw new MediaError("codec-unsupported", "This browser does not encode Opus.");
}

/** Opens an `AudioDecoder` for Opus. Rejects with a MediaError "codec-unsupported" where there is none. */
export async function openOpusDecoder(codec: string, output: Output<PcmBlock>): Promise<AudioDecoderPort> {
  if (typeof AudioDecoder !== "undefined" && codec === "opus") {
    const { supported } = await AudioDecoder.isConfigSupported(decoderConfig(1));
    if (supported) return new OpusDecoder(output);
  }
  throw new MediaError("codec-unsupported", `This browser does not decode "${codec}".`);
}

class OpusEncoder implements AudioEncoderPort {
  readonly #encoder: AudioEncoder;
  #config: AudioEncoderConfig;

  constructor(config: AudioEncoderConfig, output: Output<EncodedFrame>) {
    this.#config = config;
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        output.onOutput({ keyFrame: true, discardable: false, timestampUs: chunk.timestamp, data });
      },
      error: (cause) => output.onError(new MediaError("encoder-failed", "The sound encoder failed.", { cause })),
    });
    this.#encoder.configure(config);
  }

  encode(block: PcmBlock): void {
    if (this.#encoder.state !== "configured") return;
    const data = new AudioData({
      format: "f32",
      sampleRate: block.sampleRate,
      numberOfChannels: block.channels,
      numberOfFrames: block.samples.length / block.channels,
      timestamp: block.timestampUs,
      data: new Float32Array(block.samples),
    });
    this.#encoder.encode(data);
    data.close();
  }

  setBitrate(bitrateBps: number): void {
    if (this.#encoder.state !== "configured") return;
    this.#config = { ...this.#config, bitrate: bitrateBps };
    this.#encoder.configure(this.#config);
  }

  close(): void {
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }
}

class OpusDecoder implements AudioDecoderPort {
  readonly #decoder: AudioDecoder;
  readonly #output: Output<PcmBlock>;
  /** 0 before the first packet. */
  #channels = 0;

  constructor(output: Output<PcmBlock>) {
    this.#output = output;
    this.#decoder = new AudioDecoder({
      output: (data) => {
        const block = blockOf(data);
        data.close();
        output.onOutput(block);
      },
      error: (cause) => this.#fail(cause),
    });
  }

  decode({ timestampUs, data }: EncodedFrame): void {
    if (this.#decoder.state === "closed") return;
    try {
      const channels = ((data[0] ?? 0) & STEREO) === 0 ? 1 : 2;
      if (channels !== this.#channels) this.#decoder.configure(decoderConfig(channels));
      this.#channels = channels;
      this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: timestampUs, data }));
    } catch (cause) {
      this.close();
      this.#fail(cause);
    }
  }

  close(): void {
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }

  #fail(cause: unknown): void {
    this.#output.onError(new MediaError("decoder-failed", "The sound decoder failed.", { cause }));
  }
}

function decoderConfig(channels: number): AudioDecoderConfig {
  return { codec: "opus", sampleRate: SAMPLE_RATE, numberOfChannels: channels };
}

function blockOf(data: AudioData): PcmBlock {
  const { numberOfChannels: channels, numberOfFrames: count, sampleRate, timestamp: timestampUs } = data;
  const samples = new Float32Array(count * channels);
  if (channels === 1) data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
  else {
    const plane = new Float32Array(count);
    for (let channel = 0; channel < channels; channel++) {
      data.copyTo(plane, { planeIndex: channel, format: "f32-planar" });
      for (let i = 0; i < count; i++) samples[i * channels + channel] = plane[i] ?? 0;
    }
  }
  return { timestampUs, sampleRate, channels, samples };
}
