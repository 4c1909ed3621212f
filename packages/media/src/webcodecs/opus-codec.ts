import type { AudioDecoderPort, AudioEncoderPort, AudioEncoding, EncodedFrame, Output, PcmBlock } from "../codec.ts";
import { MediaError } from "../media-error.ts";
import { OPUS_COMPLEXITY } from "../opus-complexity.ts";
import { opusDurationUs } from "../opus-duration.ts";
import { SAMPLE_RATE, samplesToUs } from "../sound.ts";
import { audioDataSamples } from "./audio-data-samples.ts";
import { SoundTimes } from "./sound-times.ts";

/** The bit of an Opus packet's first byte that says stereo (RFC 6716, 3.1). */
const STEREO = 0x04;

/**
 * From here on, for each channel, Opus takes no speech codec at the default application, and would look 6.5 ms ahead for nothing: told that it
 * never will, it looks 2.5 ms ahead.
 */
const LOW_DELAY_BPS = 24_000;

/** Of Chromium since 126, and of Firefox; the library does not declare it, and others ignore it. */
interface OpusConfig extends OpusEncoderConfig {
  readonly application: "audio" | "lowdelay";
}

/** Opens an `AudioEncoder` for Opus. Rejects with a MediaError "codec-unsupported" where there is none. */
export async function openOpusEncoder(
  encoding: AudioEncoding,
  output: Output<EncodedFrame>,
): Promise<AudioEncoderPort> {
  const opus: OpusConfig = {
    format: "opus",
    application: encoding.bitrateBps >= LOW_DELAY_BPS * encoding.channels ? "lowdelay" : "audio",
    frameDuration: encoding.frameDurationMs * 1000,
    complexity: OPUS_COMPLEXITY,
  };
  const config: AudioEncoderConfig = {
    codec: "opus",
    sampleRate: SAMPLE_RATE,
    numberOfChannels: encoding.channels,
    bitrate: encoding.bitrateBps,
    opus,
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
  readonly #times = new SoundTimes();
  #config: AudioEncoderConfig;

  constructor(config: AudioEncoderConfig, output: Output<EncodedFrame>) {
    this.#config = config;
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const timestampUs = this.#times.end(chunk.timestamp);
        if (timestampUs === undefined) return; // what a codec that is configured anew says at its end
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        output.onOutput({ keyFrame: true, discardable: false, timestampUs, data });
      },
      error: (cause) => output.onError(new MediaError("encoder-failed", "The sound encoder failed.", { cause })),
    });
    this.#encoder.configure(config);
  }

  encode(block: PcmBlock): void {
    if (this.#encoder.state !== "configured") return;
    const count = block.samples.length / block.channels;
    const timestamp = this.#times.begin(block.timestampUs, samplesToUs(count));
    const data = new AudioData({
      format: "f32",
      sampleRate: block.sampleRate,
      numberOfChannels: block.channels,
      numberOfFrames: count,
      timestamp,
      data: new Float32Array(block.samples),
    });
    this.#encoder.encode(data);
    data.close();
  }

  setBitrate(bitrateBps: number): void {
    if (this.#encoder.state !== "configured") return;
    this.#config = { ...this.#config, bitrate: bitrateBps };
    this.#encoder.configure(this.#config);
    this.#times.restart();
  }

  close(): void {
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }
}

class OpusDecoder implements AudioDecoderPort {
  readonly #decoder: AudioDecoder;
  readonly #output: Output<PcmBlock>;
  readonly #times = new SoundTimes();
  /** From the stamp of what came out last to its capture time. */
  #aheadUs = 0;
  /** 0 before the first packet. */
  #channels = 0;

  constructor(output: Output<PcmBlock>) {
    this.#output = output;
    this.#decoder = new AudioDecoder({
      output: (data) => {
        const timestampUs = this.#capturedUs(data.timestamp);
        const { sampleRate } = data;
        const sound = audioDataSamples(data);
        data.close();
        output.onOutput({ timestampUs, sampleRate, ...sound });
      },
      error: (cause) => this.#fail(cause),
    });
  }

  decode({ timestampUs, data }: EncodedFrame): void {
    if (this.#decoder.state === "closed") return;
    try {
      const channels = ((data[0] ?? 0) & STEREO) === 0 ? 1 : 2;
      if (channels !== this.#channels) {
        this.#decoder.configure(decoderConfig(channels));
        this.#times.restart();
      }
      this.#channels = channels;
      const timestamp = this.#times.begin(timestampUs, opusDurationUs(data));
      this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data }));
    } catch (cause) {
      this.close();
      this.#fail(cause);
    }
  }

  close(): void {
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }

  /** A decoder may hand out one packet in parts: those after the first follow it. */
  #capturedUs(stampUs: number): number {
    const capturedUs = this.#times.end(stampUs) ?? stampUs + this.#aheadUs;
    this.#aheadUs = capturedUs - stampUs;
    return capturedUs;
  }

  #fail(cause: unknown): void {
    this.#output.onError(new MediaError("decoder-failed", "The sound decoder failed.", { cause }));
  }
}

function decoderConfig(channels: number): AudioDecoderConfig {
  return { codec: "opus", sampleRate: SAMPLE_RATE, numberOfChannels: channels };
}
