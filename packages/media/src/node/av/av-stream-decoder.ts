import type { CodecContext, Frame, Packet, Stream } from "node-av/lib";
import { MediaError } from "../../media-error.ts";
import type { AvLibrary } from "./av-library.ts";

/** Decodes the packets of one stream of a file or device. One call at a time. */
export class AvStreamDecoder {
  readonly #av: AvLibrary;
  readonly #context: CodecContext;
  readonly #effort: Effort;

  constructor(av: AvLibrary, context: CodecContext, effort: Effort) {
    this.#av = av;
    this.#context = context;
    this.#effort = effort;
  }

  /** Takes `packet` over; null takes out what is left. `onFrame` takes its frame over. */
  async decode(packet: Packet | null, onFrame: (frame: Frame) => Promise<void>): Promise<void> {
    // A packet that cannot be decoded is left out: the next key frame mends it.
    if (this.#effort === "little") this.#context.sendPacketSync(packet);
    else await this.#context.sendPacket(packet);
    packet?.free();
    const waits = this.#effort === "much" || packet === null;
    for (;;) {
      const frame = new this.#av.lib.Frame();
      frame.alloc();
      if ((waits ? await this.#context.receiveFrame(frame) : this.#context.receiveFrameSync(frame)) < 0) {
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

/**
 * What a frame costs. "little", sound: less than a hop to another thread. "some": one thread does it, and a frame is
 * there when its packet has been taken. "much": several threads, so taking a frame may wait.
 */
type Effort = "little" | "some" | "much";

/** Above 1080p one thread may be too slow. */
const MUCH_PIXELS = 1920 * 1088;

function effortOf(av: AvLibrary, stream: Stream, live: boolean): Effort {
  const { codecType, width, height } = stream.codecpar;
  if (codecType === av.constants.AVMEDIA_TYPE_AUDIO) return "little";
  return !live && width * height > MUCH_PIXELS ? "much" : "some";
}

/** `live`: frames leave at once; otherwise two threads may share the work, which holds one frame back. */
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
  const effort = effortOf(av, stream, options.live);
  context.threadCount = effort === "much" ? 2 : 1;
  if (options.live) context.setFlags(constants.AV_CODEC_FLAG_LOW_DELAY);
  const opened = await context.open2(codec, null);
  if (opened >= 0) return new AvStreamDecoder(av, context, effort);
  context.freeContext();
  throw failed(lib.FFmpegError.fromCode(opened));
}
