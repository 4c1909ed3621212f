import type { CodecContext, Frame, Packet, Stream } from "node-av/lib";
import { MediaError } from "../../media-error.ts";
import type { AvLibrary } from "./av-library.ts";

/** Decodes the packets of one stream of a file or device. One call at a time. */
export class AvStreamDecoder {
  readonly #av: AvLibrary;
  readonly #context: CodecContext;
  /** Packets that could not be decoded. */
  errors = 0;

  constructor(av: AvLibrary, context: CodecContext) {
    this.#av = av;
    this.#context = context;
  }

  /** Takes `packet` over; null takes out what is left. `onFrame` takes its frame over. */
  async decode(packet: Packet | null, onFrame: (frame: Frame) => Promise<void>): Promise<void> {
    const sent = await this.#context.sendPacket(packet);
    packet?.free();
    if (sent < 0) this.errors++;
    for (;;) {
      const frame = new this.#av.lib.Frame();
      frame.alloc();
      if ((await this.#context.receiveFrame(frame)) < 0) {
        frame.free();
        break;
      }
      await onFrame(frame);
    }
    if (packet === null) this.#context.flushBuffers();
  }

  close(): void {
    this.#context.freeContext();
  }
}

/** `live`: frames leave at once; otherwise two threads share the work, which holds one frame back. */
export async function openStreamDecoder(
  av: AvLibrary,
  stream: Stream,
  options: { readonly live: boolean; readonly subject: string },
): Promise<AvStreamDecoder> {
  const { lib, constants } = av;
  const codec = lib.Codec.findDecoder(stream.codecpar.codecId);
  const failed = (cause?: unknown) =>
    new MediaError("codec-unsupported", `${options.subject} has a codec that cannot be decoded here.`, { cause });
  if (!codec) throw failed();
  const context = new lib.CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  context.pktTimebase = stream.timeBase;
  context.threadCount = options.live ? 1 : 2;
  if (options.live) context.setFlags(constants.AV_CODEC_FLAG_LOW_DELAY);
  const opened = await context.open2(codec, null);
  if (opened >= 0) return new AvStreamDecoder(av, context);
  context.freeContext();
  throw failed(lib.FFmpegError.fromCode(opened));
}
