import type { AudioDecoderPort, AudioEncoderPort, AudioEncoding, EncodedFrame, Output, PcmBlock } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { OPUS_COMPLEXITY } from "../../opus-complexity.ts";
import { opusDurationUs } from "../../opus-duration.ts";
import { usToSamples } from "../../sound.ts";
import type { OpenPort } from "../open-ports.ts";
import { PcmFramer } from "../pcm-framer.ts";
import { ReopenPolicy } from "../reopen-policy.ts";
import { FfmpegChild } from "./ffmpeg-child.ts";
import { OggOpusSplitter, OggOpusWriter } from "./ogg.ts";

const SAMPLE_RATE = 48_000;
const SOON = ["-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0"];

/** Encodes Opus with the program ffmpeg. */
export class FfmpegAudioEncoder implements AudioEncoderPort, OpenPort {
  /** Two of them, in the program and in its pages. */
  readonly holdsFrames = true;
  readonly #encoding: AudioEncoding;
  readonly #output: Output<EncodedFrame>;
  readonly #framer: PcmFramer;
  readonly #bitrate: ReopenPolicy;
  #child: FfmpegChild;
  #closed = false;
  #timestamps: number[] = [];

  constructor(encoding: AudioEncoding, output: Output<EncodedFrame>) {
    this.#encoding = encoding;
    this.#output = output;
    this.#bitrate = new ReopenPolicy(encoding.bitrateBps);
    const frameSamples = (SAMPLE_RATE * encoding.frameDurationMs) / 1000;
    this.#framer = new PcmFramer({ channels: encoding.channels, frameSamples, sampleRate: SAMPLE_RATE });
    this.#child = this.#start(encoding.bitrateBps);
  }

  get done(): Promise<void> {
    return this.#child.exited.then(() => {});
  }

  encode(block: PcmBlock): void {
    if (this.#closed) return;
    this.#framer.push(block, (frame) => {
      this.#applyBitrate();
      this.#timestamps.push(frame.timestampUs);
      const { buffer, byteOffset, byteLength } = frame.samples;
      this.#child.stdin.write(Buffer.from(buffer, byteOffset, byteLength));
    });
  }

  setBitrate(bitrateBps: number): void {
    this.#bitrate.want(bitrateBps);
  }

  close(): void {
    this.#closed = true;
    this.#child.kill();
  }

  #applyBitrate(): void {
    const bitrateBps = this.#bitrate.take({ free: false, nowMs: performance.now() });
    if (bitrateBps === undefined) return;
    this.#child.stdin.end();
    this.#child = this.#start(bitrateBps);
  }

  #start(bitrateBps: number): FfmpegChild {
    const { channels, frameDurationMs } = this.#encoding;
    const child = new FfmpegChild([
      ...SOON,
      ...["-f", "f32le", "-ar", String(SAMPLE_RATE), "-ac", String(channels), "-i", "pipe:0", "-c:a", "libopus"],
      ...["-application", channels === 1 ? "voip" : "audio", "-frame_duration", String(frameDurationMs)],
      ...["-compression_level", String(OPUS_COMPLEXITY)],
      ...["-b:a", String(Math.round(bitrateBps)), "-flush_packets", "1"],
      ...["-f", "ogg", "-page_duration", String(frameDurationMs * 1000), "pipe:1"],
    ]);
    const splitter = new OggOpusSplitter();
    const timestamps: number[] = [];
    this.#timestamps = timestamps;
    child.stdout.on("data", (chunk: Buffer) => {
      for (const packet of splitter.push(chunk)) {
        const timestampUs = timestamps.shift();
        if (timestampUs === undefined || this.#closed) continue;
        this.#output.onOutput({ keyFrame: true, discardable: false, timestampUs, data: Uint8Array.from(packet) });
      }
    });
    void child.exited.then(() => this.#exited(child));
    return child;
  }

  #exited(child: FfmpegChild): void {
    if (this.#closed || child !== this.#child) return;
    this.#closed = true;
    const cause = new Error(child.said || "ffmpeg has ended.");
    this.#output.onError(new MediaError("encoder-failed", "The sound encoder failed.", { cause }));
  }
}

/** Decodes Opus with the program ffmpeg: always stereo, whatever was sent. */
export class FfmpegAudioDecoder implements AudioDecoderPort, OpenPort {
  readonly done: Promise<void>;
  readonly #child: FfmpegChild;
  readonly #output: Output<PcmBlock>;
  readonly #writer = new OggOpusWriter();
  /** Packets inside the program. */
  readonly #packets: { readonly timestampUs: number; readonly samples: number }[] = [];
  #pcm: Buffer = Buffer.alloc(0);
  #closed = false;

  constructor(output: Output<PcmBlock>) {
    this.#output = output;
    const input = ["-c:a", "libopus", "-f", "ogg", "-i", "pipe:0"];
    const pcm = ["-f", "f32le", "-ar", String(SAMPLE_RATE), "-ac", "2", "-flush_packets", "1", "pipe:1"];
    this.#child = new FfmpegChild([...SOON, ...input, ...pcm]);
    this.#child.stdin.write(this.#writer.header(2));
    this.#child.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.done = this.#child.exited.then(() => this.#exited());
  }

  decode({ data, timestampUs }: EncodedFrame): void {
    if (this.#closed) return;
    const samples = usToSamples(opusDurationUs(data));
    this.#packets.push({ timestampUs, samples });
    this.#child.stdin.write(this.#writer.write(data, samples));
  }

  close(): void {
    this.#closed = true;
    this.#child.kill();
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.#pcm = Buffer.concat([this.#pcm, chunk]);
    for (let next = this.#packets[0]; next !== undefined; next = this.#packets[0]) {
      const samples = new Float32Array(next.samples * 2);
      if (this.#pcm.length < samples.byteLength) return;
      this.#packets.shift();
      Buffer.from(samples.buffer).set(this.#pcm.subarray(0, samples.byteLength));
      this.#pcm = this.#pcm.subarray(samples.byteLength);
      this.#output.onOutput({ timestampUs: next.timestampUs, sampleRate: SAMPLE_RATE, channels: 2, samples });
    }
  }

  #exited(): void {
    if (this.#closed) return;
    this.#closed = true;
    const cause = new Error(this.#child.said || "ffmpeg has ended.");
    this.#output.onError(new MediaError("decoder-failed", "Received sound could not be decoded.", { cause }));
  }
}
