import type { Frame, Stream } from "node-av/lib";
import { fitSize, type Size } from "../fit-size.ts";
import type { FrameRateGate } from "../media-pacing.ts";
import type { VideoOutlet } from "../source-outlet.ts";
import type { AvLibrary } from "./av-library.ts";
import { AvPicture } from "./av-picture.ts";
import { AvPlaneStage } from "./av-plane-stage.ts";
import { AvScaler, isFullRange } from "./av-scaler.ts";
import type { AvTrackOptions } from "./av-track-options.ts";

interface VideoTrackOptions extends AvTrackOptions<VideoOutlet> {
  /** Leaves out what is above the wanted rate. */
  readonly gate: FrameRateGate;
}

/** The pictures of one source: from packets to the outlet, scaled, at their time. */
export class AvVideoTrack {
  readonly #av: AvLibrary;
  readonly #options: VideoTrackOptions;
  readonly #scaler: AvScaler;
  readonly #stage: AvPlaneStage;
  readonly #tickUs: number;
  #lastUs = 0;
  /** Pictures that were decoded. */
  frames = 0;

  constructor(av: AvLibrary, options: VideoTrackOptions) {
    this.#av = av;
    this.#options = options;
    this.#scaler = new AvScaler(av);
    this.#stage = new AvPlaneStage(av);
    this.#tickUs = (1_000_000 * options.stream.timeBase.num) / options.stream.timeBase.den;
  }

  /** Ends with the queue. */
  async run(): Promise<void> {
    const { decoder, queue } = this.#options;
    let offsetUs = 0;
    for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
      const packet = item === "flush" ? null : item.packet;
      // What a flush brings out belongs to the pass before.
      if (item !== "flush") offsetUs = item.offsetUs;
      await decoder.decode(packet, (frame) => this.#show(frame, offsetUs));
    }
    if (!this.#options.signal.aborted) await decoder.decode(null, (frame) => this.#show(frame, offsetUs));
  }

  close(): void {
    this.#scaler.close();
    this.#options.decoder.close();
  }

  async #show(frame: Frame, offsetUs: number): Promise<void> {
    const { outlet, timing, signal, gate } = this.#options;
    this.frames++;
    const mediaUs = this.#mediaUs(frame) + offsetUs;
    if (signal.aborted || !gate.admit(mediaUs)) {
      frame.free();
      return;
    }
    const scaled = await this.#scaler.convert(frame, outlet);
    const outcome = await timing.wait(mediaUs).catch(() => "late" as const);
    if (outcome === "late" || signal.aborted) {
      scaled.free();
      outlet.countDropped();
      return;
    }
    const fullRange = isFullRange(this.#av, scaled);
    outlet.push(new AvPicture(scaled, { timestamp: timing.stampUs(mediaUs), fullRange, stage: this.#stage }));
  }

  /** Since the beginning of the file. */
  #mediaUs(frame: Frame): number {
    const pts = frame.bestEffortTimestamp;
    const known = pts !== this.#av.constants.AV_NOPTS_VALUE;
    const intervalUs = 1_000_000 / this.#options.outlet.frameRate;
    this.#lastUs = known ? Number(pts) * this.#tickUs - this.#options.startUs : this.#lastUs + intervalUs;
    return this.#lastUs;
  }
}

/** The size of a stream's pictures with square pixels, within what is wanted. */
export function outletSize(stream: Stream, wanted: Size): Size {
  const { width, height } = stream.codecpar;
  const { num, den } = stream.sampleAspectRatio;
  const aspect = num > 0 && den > 0 ? num / den : 1;
  return fitSize({ widthPx: width * aspect, heightPx: height }, wanted);
}
