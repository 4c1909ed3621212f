import type { Frame } from "node-av/lib";
import type { YuvPlanes } from "../node-picture.ts";
import type { AvLibrary } from "./av-library.ts";

/**
 * Lets JavaScript see the planes of frames, one frame at a time, through memory that stays where it is. Looking at each
 * frame's own memory makes three new buffers a picture, megabytes that the garbage collector believes it has to free:
 * it then takes more time than the picture itself, many times that of this copy.
 */
export class AvPlaneStage {
  readonly #av: AvLibrary;
  #frame: Frame | undefined;
  #planes: YuvPlanes | undefined;

  constructor(av: AvLibrary) {
    this.#av = av;
  }

  /** Valid until the next call. */
  read(frame: Frame): YuvPlanes {
    const planes = this.#prepare(frame);
    this.#av.lib.FFmpegError.throwIfError(this.#frame?.copy(frame) ?? -1);
    return planes;
  }

  /** The old memory is left to the garbage collector: somebody may still look at it. */
  #prepare({ width, height, format }: Frame): YuvPlanes {
    const stage = this.#frame;
    if (this.#planes && stage?.width === width && stage.height === height && stage.format === format)
      return this.#planes;
    const frame = new this.#av.lib.Frame();
    frame.alloc();
    frame.width = width;
    frame.height = height;
    frame.format = format;
    this.#av.lib.FFmpegError.throwIfError(frame.getBuffer(0));
    const [y, u, v] = frame.data ?? [];
    const [strideY = 0, strideU = 0, strideV = 0] = frame.linesize;
    if (!y || !u || !v) throw new TypeError("The frame has no planes.");
    this.#frame = frame;
    this.#planes = { y, u, v, strideY, strideU, strideV };
    return this.#planes;
  }
}
