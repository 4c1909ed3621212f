import type { CodecContext, Frame, Packet } from "node-av/lib";
import type { AudioDecoderPort, EncodedFrame, Output, PcmBlock } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import type { AvLibrary } from "./av-library.ts";
import { channelLayout } from "./channel-layout.ts";

const SAMPLE_RATE = 48_000;

/** Opens an Opus decoder of node-av: always stereo, whatever was sent. It works inside `decode`. */
export function openAvAudioDecoder(av: AvLibrary, codec: string, output: Output<PcmBlock>): AudioDecoderPort {
  if (codec !== "opus")
    throw new MediaError("codec-unsupported", `Sound in ${JSON.stringify(codec)} is not known here.`);
  return new AvAudioDecoder(av, output);
}

class AvAudioDecoder implements AudioDecoderPort {
  readonly #av: AvLibrary;
  readonly #output: Output<PcmBlock>;
  readonly #packet: Packet;
  readonly #frame: Frame;
  #context: CodecContext | undefined;

  constructor(av: AvLibrary, output: Output<PcmBlock>) {
    this.#av = av;
    this.#output = output;
    this.#context = openContext(av);
    this.#packet = new av.lib.Packet();
    this.#frame = new av.lib.Frame();
    this.#frame.alloc();
  }

  decode({ data, timestampUs }: EncodedFrame): void {
    if (!this.#context) return;
    const packet = this.#packet;
    packet.alloc();
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const sent = this.#context.sendPacketSync(packet);
    packet.free();
    if (sent < 0) {
      this.#fail(sent);
      return;
    }
    let startUs = timestampUs;
    while (this.#context && this.#context.receiveFrameSync(this.#frame) >= 0) {
      const block = this.#blockOf(startUs);
      startUs += (block.samples.length / block.channels / SAMPLE_RATE) * 1_000_000;
      this.#frame.unref();
      this.#output.onOutput(block);
    }
  }

  close(): void {
    if (!this.#context) return;
    this.#context.freeContext();
    this.#context = undefined;
    this.#packet.free();
    this.#frame.free();
  }

  #blockOf(timestampUs: number): PcmBlock {
    const { nbSamples, channels, data } = this.#frame;
    const bytes = data?.[0];
    const samples = new Float32Array(nbSamples * channels);
    if (bytes) samples.set(new Float32Array(bytes.buffer, bytes.byteOffset, samples.length));
    return { timestampUs, sampleRate: SAMPLE_RATE, channels, samples };
  }

  #fail(code: number): void {
    this.close();
    const cause = this.#av.lib.FFmpegError.fromCode(code);
    this.#output.onError(new MediaError("decoder-failed", "Received sound could not be decoded.", { cause }));
  }
}

function openContext({ lib, constants }: AvLibrary): CodecContext {
  const codec = lib.Codec.findDecoderByName("libopus" as unknown as Parameters<typeof lib.Codec.findDecoderByName>[0]);
  if (!codec) throw new MediaError("codec-unsupported", "This machine has no decoder for Opus.");
  const context = new lib.CodecContext();
  context.allocContext3(codec);
  context.sampleRate = SAMPLE_RATE;
  context.channelLayout = channelLayout(2);
  context.setOption("request_sample_fmt", "flt");
  const opened = context.open2Sync(codec, null);
  if (opened >= 0 && context.sampleFormat === constants.AV_SAMPLE_FMT_FLT) return context;
  context.freeContext();
  throw new MediaError("codec-unsupported", "The decoder for Opus does not open.", {
    cause: lib.FFmpegError.fromCode(opened),
  });
}
