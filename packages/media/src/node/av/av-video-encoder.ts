import type { CodecContext, Frame, Packet } from "node-av/lib";
import type { EncodedFrame, Output, VideoEncoderPort, VideoEncoding } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { codecString } from "../codec-string.ts";
import { JpegRateControl, quantizerOf } from "../jpeg-quality.ts";
import type { NodePicture } from "../node-picture.ts";
import type { OpenPort } from "../open-ports.ts";
import { ReopenPolicy } from "../reopen-policy.ts";
import { SerialQueue } from "../serial-queue.ts";
import type { AvLibrary } from "./av-library.ts";
import { takeFrame } from "./av-picture.ts";
import { AvScaler } from "./av-scaler.ts";
import { ENCODER_NAMES, encoderOptions } from "./video-encoder-settings.ts";

/** FFmpeg counts quality in this many steps to one of the quantiser. */
const LAMBDA = 118;

/** Twice as many pictures as any caller lets wait: more are a fault of the caller, and closed. */
const MAX_PENDING_FRAMES = 8;

/** Opens an encoder of node-av. `jpegQuality` (1 to 100) replaces the bitrate of JPEG. */
export async function openAvVideoEncoder(
  av: AvLibrary,
  encoding: VideoEncoding & { readonly jpegQuality?: number },
  output: Output<EncodedFrame>,
): Promise<VideoEncoderPort<NodePicture> & OpenPort> {
  return new AvVideoEncoder(av, { encoding, output, context: await openContext(av, encoding, encoding.bitrateBps) });
}

interface Job {
  readonly picture: NodePicture;
  readonly keyFrame: boolean;
}

class AvVideoEncoder implements VideoEncoderPort<NodePicture>, OpenPort {
  readonly codecString: string;
  readonly #av: AvLibrary;
  readonly #encoding: VideoEncoding & { readonly jpegQuality?: number };
  readonly #output: Output<EncodedFrame>;
  readonly #queue: SerialQueue<Job>;
  readonly #scaler: AvScaler;
  readonly #packet: Packet;
  readonly #bitrate: ReopenPolicy;
  readonly #jpegRate: JpegRateControl;
  #context: CodecContext;
  #lastPts = -1;
  #firstTimestampUs: number | undefined;

  constructor(
    av: AvLibrary,
    options: {
      readonly encoding: VideoEncoding & { readonly jpegQuality?: number };
      readonly output: Output<EncodedFrame>;
      readonly context: CodecContext;
    },
  ) {
    this.#av = av;
    this.#encoding = options.encoding;
    this.#output = options.output;
    this.#context = options.context;
    this.#scaler = new AvScaler(av);
    this.#packet = new av.lib.Packet();
    this.#packet.alloc();
    this.#bitrate = new ReopenPolicy(options.encoding.bitrateBps);
    this.#jpegRate = new JpegRateControl(options.encoding);
    this.codecString = codecString(options.encoding.codec, options.encoding);
    this.#queue = new SerialQueue<Job>({
      run: (job) => this.#encode(job),
      discard: ({ picture }) => picture.close(),
      onError: (cause) => this.#output.onError(encoderError(cause)),
      dispose: () => this.#free(),
    });
  }

  get pendingFrames(): number {
    return this.#queue.pending;
  }

  encode(picture: NodePicture, { keyFrame }: { readonly keyFrame: boolean }): void {
    if (this.#queue.pending >= MAX_PENDING_FRAMES) picture.close();
    else this.#queue.push({ picture, keyFrame });
  }

  setBitrate(bitrateBps: number): void {
    this.#jpegRate.setBitrate(bitrateBps);
    this.#bitrate.want(bitrateBps);
  }

  get done(): Promise<void> {
    return this.#queue.done;
  }

  close(): void {
    this.#queue.close();
  }

  async #encode({ picture, keyFrame }: Job): Promise<void> {
    const { AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE } = this.#av.constants;
    const { codec, widthPx, heightPx } = this.#encoding;
    const timestampUs = picture.timestamp;
    const fullRange = codec === "jpeg";
    const frame = await this.#scaler.convert(takeFrame(this.#av, picture), { widthPx, heightPx, fullRange });
    try {
      await this.#applyBitrate(keyFrame);
      frame.timeBase = new this.#av.lib.Rational(1, 1_000_000);
      frame.pts = BigInt(this.#ptsOf(timestampUs));
      frame.pictType = keyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
      if (codec === "jpeg") this.#setQuality(frame);
      this.#av.lib.FFmpegError.throwIfError(await this.#context.sendFrame(frame));
    } finally {
      frame.free();
    }
    await this.#takePackets();
  }

  /** Without gaps backwards: encoders refuse two pictures of one time. */
  #ptsOf(timestampUs: number): number {
    this.#firstTimestampUs ??= timestampUs;
    this.#lastPts = Math.max(timestampUs - this.#firstTimestampUs, this.#lastPts + 1);
    return this.#lastPts;
  }

  async #takePackets(): Promise<void> {
    // SVT-AV1 may wait for its own threads here; the others only hand over what sendFrame has encoded.
    const wait = this.#encoding.codec === "av1";
    const packet = this.#packet;
    while ((wait ? await this.#context.receivePacket(packet) : this.#context.receivePacketSync(packet)) >= 0) {
      const data = Uint8Array.from(packet.data ?? []);
      const timestampUs = (this.#firstTimestampUs ?? 0) + Number(packet.pts);
      const keyFrame = packet.isKeyframe;
      packet.unref();
      if (this.#encoding.codec === "jpeg") this.#jpegRate.push(data.length);
      if (!this.#queue.closed) this.#output.onOutput({ keyFrame, discardable: false, timestampUs, data });
    }
  }

  #setQuality(frame: Frame): void {
    const { jpegQuality } = this.#encoding;
    const quantizer = jpegQuality === undefined ? this.#jpegRate.quantizer : quantizerOf(jpegQuality);
    this.#context.globalQuality = quantizer * LAMBDA;
    frame.quality = quantizer * LAMBDA;
  }

  async #applyBitrate(keyFrame: boolean): Promise<void> {
    const { codec } = this.#encoding;
    if (codec === "jpeg") return;
    // x264 takes a new bitrate while it runs; the others have to be opened again, which costs a key frame.
    const bitrateBps = this.#bitrate.take({ free: codec === "h264" || keyFrame, nowMs: performance.now() });
    if (bitrateBps === undefined) return;
    if (codec === "h264") {
      setRate(this.#context, bitrateBps);
      return;
    }
    const context = await openContext(this.#av, this.#encoding, bitrateBps);
    await this.#finish();
    this.#context = context;
  }

  /** Takes out what is left: SVT-AV1 complains when it is freed before its end. */
  async #finish(): Promise<void> {
    await this.#context.sendFrame(null);
    await this.#takePackets();
    this.#context.freeContext();
  }

  async #free(): Promise<void> {
    await this.#finish();
    this.#packet.free();
    this.#scaler.close();
  }
}

async function openContext(av: AvLibrary, encoding: VideoEncoding, bitrateBps: number): Promise<CodecContext> {
  const { lib, constants } = av;
  const name = ENCODER_NAMES[encoding.codec];
  const codec = lib.Codec.findEncoderByName(name as unknown as Parameters<typeof lib.Codec.findEncoderByName>[0]);
  if (!codec) throw new MediaError("codec-unsupported", `This machine has no encoder for ${encoding.codec}.`);
  const context = new lib.CodecContext();
  context.allocContext3(codec);
  context.width = encoding.widthPx;
  context.height = encoding.heightPx;
  context.timeBase = new lib.Rational(1, 1_000_000);
  context.framerate = new lib.Rational(Math.round(encoding.frameRate * 1000), 1000);
  context.maxBFrames = 0;
  if (encoding.codec === "jpeg") {
    context.pixelFormat = constants.AV_PIX_FMT_YUVJ420P;
    context.colorRange = constants.AVCOL_RANGE_JPEG;
    context.threadCount = 1;
    context.setFlags(constants.AV_CODEC_FLAG_QSCALE);
  } else {
    context.pixelFormat = constants.AV_PIX_FMT_YUV420P;
    context.threadCount = 2;
    // A safety net: whoever publishes asks for key frames much more often.
    context.gopSize = Math.round(encoding.frameRate * 60);
    setRate(context, bitrateBps);
    if (encoding.codec === "vp8" || encoding.codec === "vp9") context.rcMinRate = BigInt(bitrateBps);
  }
  const opened = await context.open2(codec, lib.Dictionary.fromObject(encoderOptions(encoding)));
  if (opened >= 0) return context;
  context.freeContext();
  const { widthPx, heightPx } = encoding;
  throw new MediaError("codec-unsupported", `The encoder ${name} refuses ${widthPx}×${heightPx}.`, {
    cause: lib.FFmpegError.fromCode(opened),
  });
}

function setRate(context: CodecContext, bitrateBps: number): void {
  context.bitRate = BigInt(bitrateBps);
  context.rcMaxRate = BigInt(bitrateBps);
  // Half a second: a key frame may take that much of the line, and no more.
  context.rcBufferSize = Math.round(bitrateBps / 2);
}

function encoderError(cause: unknown): MediaError {
  if (cause instanceof MediaError) return cause;
  return new MediaError("encoder-failed", "The video encoder failed.", { cause });
}
