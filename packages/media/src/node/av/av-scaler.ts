import type { AVPixelFormat } from "node-av/constants";
import type { Frame, SoftwareScaleContext } from "node-av/lib";
import { MediaError } from "../../media-error.ts";
import type { AvLibrary } from "./av-library.ts";

/** What {@link AvScaler.convert} makes of a frame: planar 4:2:0 with 8 bits. */
export interface ScalerTarget {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left out: as the frame has it. */
  readonly fullRange?: boolean;
}

/** Converts frames to planar 4:2:0 of one size. Frames that are so already pass unchanged and uncopied. */
export class AvScaler {
  readonly #av: AvLibrary;
  #context: SoftwareScaleContext | undefined;
  #key = "";

  constructor(av: AvLibrary) {
    this.#av = av;
  }

  /** Takes `frame` over and returns it, or another one in its place. One call at a time. */
  async convert(frame: Frame, target: ScalerTarget): Promise<Frame> {
    const { constants, lib } = this.#av;
    const from = sourceFormat(this.#av, frame);
    const fullRange = target.fullRange ?? isFullRange(this.#av, frame);
    const to = fullRange ? constants.AV_PIX_FMT_YUVJ420P : constants.AV_PIX_FMT_YUV420P;
    if (frame.width === target.widthPx && frame.height === target.heightPx && from === to) return frame;
    const output = new lib.Frame();
    try {
      this.#configure(frame, from, { ...target, format: to });
      output.alloc();
      output.width = target.widthPx;
      output.height = target.heightPx;
      output.format = to;
      lib.FFmpegError.throwIfError(output.getBuffer(0));
      lib.FFmpegError.throwIfError((await this.#context?.scaleFrame(output, frame)) ?? -1);
      output.pts = frame.pts;
      output.colorRange = fullRange ? constants.AVCOL_RANGE_JPEG : constants.AVCOL_RANGE_MPEG;
      return output;
    } catch (cause) {
      output.free();
      throw new MediaError("decoder-failed", "A picture could not be scaled.", { cause });
    } finally {
      frame.free();
    }
  }

  /** Not while {@link convert} runs. */
  close(): void {
    this.#context?.freeContext();
    this.#context = undefined;
    this.#key = "";
  }

  #configure(frame: Frame, from: AVPixelFormat, target: ScalerTarget & { readonly format: AVPixelFormat }): void {
    const { widthPx, heightPx, format } = target;
    const key = `${frame.width} ${frame.height} ${from} ${widthPx} ${heightPx} ${format}`;
    if (this.#context && key === this.#key) return;
    this.close();
    const context = new this.#av.lib.SoftwareScaleContext();
    // Bilinear: a third of the time of the default, and nobody sees the difference in motion.
    const flags = this.#av.constants.SWS_BILINEAR;
    context.getContext(frame.width, frame.height, from, widthPx, heightPx, format, flags);
    this.#context = context;
    this.#key = key;
  }
}

/** Whether samples go from 0 to 255. */
export function isFullRange({ constants }: AvLibrary, frame: Frame): boolean {
  const format = frame.format as AVPixelFormat;
  return (
    frame.colorRange === constants.AVCOL_RANGE_JPEG ||
    format === constants.AV_PIX_FMT_YUVJ420P ||
    format === constants.AV_PIX_FMT_YUVJ422P ||
    format === constants.AV_PIX_FMT_YUVJ444P
  );
}

/** The scaler tells the ranges apart by the old formats whose name has a J. */
function sourceFormat(av: AvLibrary, frame: Frame): AVPixelFormat {
  const { constants } = av;
  const format = frame.format as AVPixelFormat;
  if (!isFullRange(av, frame)) return format;
  if (format === constants.AV_PIX_FMT_YUV420P) return constants.AV_PIX_FMT_YUVJ420P;
  if (format === constants.AV_PIX_FMT_YUV422P) return constants.AV_PIX_FMT_YUVJ422P;
  if (format === constants.AV_PIX_FMT_YUV444P) return constants.AV_PIX_FMT_YUVJ444P;
  return format;
}
