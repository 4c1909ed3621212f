import type { PcmBlock } from "../codec.ts";
import type { NodePicture } from "./node-picture.ts";

/** Pictures that come at their own pace: nothing waits for whoever takes them. */
export interface VideoSource {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames per second at most. */
  readonly frameRate: number;
  /**
   * Called for each picture with its capture time; the callee takes it over and closes it. A file runs from when the
   * first handler of its video or sound is set; pictures without a handler are closed.
   */
  onPicture: ((picture: NodePicture) => void) | undefined;
  /** Captured pictures that were dropped because this process was behind. */
  readonly droppedFrames: number;
}

/** Sound that comes at its own pace: 48 kHz in blocks of 20 ms. */
export interface AudioSource {
  readonly channels: 1 | 2;
  /** Called for each block. */
  onBlock: ((block: PcmBlock) => void) | undefined;
}

/** What {@link openSource} opened. */
export interface MediaSource extends AsyncDisposable {
  readonly kind: "camera" | "screen" | "file" | "device";
  /** For people: the name of the device or file. */
  readonly label: string;
  readonly video: VideoSource | undefined;
  readonly audio: AudioSource | undefined;
  /** Resolves at the end of the file or after {@link close}; rejects with a `MediaError` when the source is lost. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** What is wanted of a source. */
export interface SourceOptions {
  /** Pictures are scaled down to fit into this size, with their aspect ratio kept; devices are asked for it. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames above this rate are left out. */
  readonly frameRate: number;
  /** Files begin again at their end, without a gap. */
  readonly loop?: boolean;
  /** Without it no sound is opened. */
  readonly audio?: boolean;
  readonly signal?: AbortSignal;
}
