import type { CodecContext, Frame, Packet } from "node-av/lib";
import type { EncodedFrame, Output, VideoDecoderPort } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { videoCodecOf } from "../codec-string.ts";
import type { NodePicture } from "../node-picture.ts";
import type { OpenPort } from "../open-ports.ts";
import { SerialQueue } from "../serial-queue.ts";
import type { AvLibrary } from "./av-library.ts";
import { AvPicture } from "./av-picture.ts";
import { AvPlaneStage } from "./av-plane-stage.ts";
import { AvScaler, isFullRange } from "./av-scaler.ts";
import { DECODER_NAMES } from "./video-encoder-settings.ts";

/** Opens a decoder of node-av for bare frames of `codec`, a WebCodecs codec string or `jpeg`. */
export async function openAvVideoDecoder(
  av: AvLibrary,
  codec: string,
  output: Output<NodePicture>,
): Promise<VideoDecoderPort & OpenPort> {
  return new AvVideoDecoder(av, await openContext(av, codec), output);
}

/** 8K, with some to spare. */
const MAX_PIXELS = 8_192 * 8_192;

class AvVideoDecoder implements VideoDecoderPort, OpenPort {
  readonly #av: AvLibrary;
  readonly #context: CodecContext;
  readonly #output: Output<NodePicture>;
  readonly #queue: SerialQueue<EncodedFrame>;
  readonly #packet: Packet;
  readonly #scaler: AvScaler;
  readonly #stage: AvPlaneStage;

  constructor(av: AvLibrary, context: CodecContext, output: Output<NodePicture>) {
    this.#av = av;
    this.#context = context;
    this.#output = output;
    this.#scaler = new AvScaler(av);
    this.#stage = new AvPlaneStage(av);
    this.#packet = new av.lib.Packet();
    this.#queue = new SerialQueue<EncodedFrame>({
      run: (frame) => this.#decode(frame),
      discard: () => {},
      onError: (cause) => this.#output.onError(decoderError(cause)),
      dispose: () => this.#free(),
    });
  }

  get pendingFrames(): number {
    return this.#queue.pending;
  }

  decode(frame: EncodedFrame): void {
    this.#queue.push(frame);
  }

  get done(): Promise<void> {
    return this.#queue.done;
  }

  close(): void {
    this.#queue.close();
  }

  async #decode({ data, keyFrame, timestampUs }: EncodedFrame): Promise<void> {
    const packet = this.#packet;
    packet.alloc();
    try {
      packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      packet.pts = BigInt(timestampUs);
      packet.isKeyframe = keyFrame;
      this.#av.lib.FFmpegError.throwIfError(await this.#context.sendPacket(packet));
    } finally {
      packet.free();
    }
    for (;;) {
      const frame = new this.#av.lib.Frame();
      frame.alloc();
      // Decoded already: the only thread of the decoder has worked inside sendPacket.
      if (this.#context.receiveFrameSync(frame) < 0) {
        frame.free();
        return;
      }
      await this.#deliver(frame);
    }
  }

  async #deliver(frame: Frame): Promise<void> {
    const timestamp = Number(frame.bestEffortTimestamp);
    const size = { widthPx: frame.width, heightPx: frame.height };
    const fullRange = isFullRange(this.#av, frame);
    const picture = new AvPicture(await this.#scaler.convert(frame, size), {
      timestamp,
      fullRange,
      stage: this.#stage,
    });
    if (this.#queue.closed) picture.close();
    else this.#output.onOutput(picture);
  }

  #free(): void {
    this.#context.freeContext();
    this.#packet.free();
    this.#scaler.close();
  }
}

async function openContext(av: AvLibrary, codecText: string): Promise<CodecContext> {
  const { lib, constants } = av;
  const family = videoCodecOf(codecText);
  const codec = lib.Codec.findDecoderByName(
    DECODER_NAMES[family] as unknown as Parameters<typeof lib.Codec.findDecoderByName>[0],
  );
  if (!codec) throw new MediaError("codec-unsupported", `This machine has no decoder for ${family}.`);
  const context = new lib.CodecContext();
  context.allocContext3(codec);
  // One thread: frame threads would each add a frame of delay, and one is fast enough for 1080p.
  context.threadCount = 1;
  context.setFlags(constants.AV_CODEC_FLAG_LOW_DELAY);
  // A few bytes can claim a picture that fills the memory.
  const options: Record<string, string> = { max_pixels: String(MAX_PIXELS) };
  if (family === "av1") options["max_frame_delay"] = "1";
  // Without it half a picture counts as a picture, with its lower part grey.
  if (family === "jpeg") options["err_detect"] = "explode";
  const opened = await context.open2(codec, lib.Dictionary.fromObject(options));
  if (opened >= 0) return context;
  context.freeContext();
  throw new MediaError("codec-unsupported", `The decoder for ${family} does not open.`, {
    cause: lib.FFmpegError.fromCode(opened),
  });
}

function decoderError(cause: unknown): MediaError {
  if (cause instanceof MediaError) return cause;
  return new MediaError("decoder-failed", "A received picture could not be decoded.", { cause });
}
