import type { Frame } from "node-av/lib";
import type { NodePicture, YuvPlanes } from "../node-picture.ts";
import { packPlanes } from "../pack-planes.ts";
import type { AvLibrary } from "./av-library.ts";
import type { AvPlaneStage } from "./av-plane-stage.ts";

/** A picture in a frame of the FFmpeg libraries: 4:2:0 with 8 bits. */
export class AvPicture implements NodePicture {
  readonly timestamp: number;
  readonly displayWidth: number;
  readonly displayHeight: number;
  readonly fullRange: boolean;
  readonly #stage: AvPlaneStage;
  #frame: Frame | undefined;

  /** Takes `frame` over. `stage` is shared by the pictures of one source. */
  constructor(
    frame: Frame,
    options: { readonly timestamp: number; readonly fullRange: boolean; readonly stage: AvPlaneStage },
  ) {
    this.#frame = frame;
    this.#stage = options.stage;
    this.timestamp = options.timestamp;
    this.fullRange = options.fullRange;
    this.displayWidth = frame.width;
    this.displayHeight = frame.height;
  }

  planes(): YuvPlanes {
    return this.#stage.read(this.#use());
  }

  clone(options: { readonly timestamp?: number } = {}): AvPicture {
    const copy = this.#use().clone();
    if (!copy) throw new RangeError("No memory is left for a picture.");
    const { fullRange } = this;
    return new AvPicture(copy, { timestamp: options.timestamp ?? this.timestamp, fullRange, stage: this.#stage });
  }

  /** Gives the frame away; this closes the picture. */
  takeFrame(): Frame {
    const frame = this.#use();
    this.#frame = undefined;
    return frame;
  }

  close(): void {
    this.#frame?.free();
    this.#frame = undefined;
  }

  #use(): Frame {
    if (!this.#frame) throw new TypeError("The picture is closed.");
    return this.#frame;
  }
}

/** The frame behind a picture of any backend. Takes `picture` over. */
export function takeFrame(av: AvLibrary, picture: NodePicture): Frame {
  if (picture instanceof AvPicture) return picture.takeFrame();
  try {
    const { AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG, AVCOL_RANGE_MPEG } = av.constants;
    const width = picture.displayWidth;
    const height = picture.displayHeight;
    const frame = av.lib.Frame.fromVideoBuffer(packPlanes(picture), { width, height, format: AV_PIX_FMT_YUV420P });
    frame.colorRange = picture.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    return frame;
  } finally {
    picture.close();
  }
}
