import type { PcmBlock } from "../codec.ts";
import type { AudioSource, VideoSource } from "./media-source.ts";
import type { NodePicture } from "./node-picture.ts";

/** The end of a source where pictures come out. */
export class VideoOutlet implements VideoSource {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
  readonly #onFirstHandler: () => void;
  #onPicture: ((picture: NodePicture) => void) | undefined;
  #droppedFrames = 0;

  constructor(options: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly frameRate: number;
    readonly onFirstHandler: () => void;
  }) {
    this.widthPx = options.widthPx;
    this.heightPx = options.heightPx;
    this.frameRate = options.frameRate;
    this.#onFirstHandler = options.onFirstHandler;
  }

  get onPicture(): ((picture: NodePicture) => void) | undefined {
    return this.#onPicture;
  }

  set onPicture(handler: ((picture: NodePicture) => void) | undefined) {
    this.#onPicture = handler;
    if (handler) this.#onFirstHandler();
  }

  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  push(picture: NodePicture): void {
    if (this.#onPicture) this.#onPicture(picture);
    else picture.close();
  }

  countDropped(): void {
    this.#droppedFrames++;
  }
}

/** The end of a source where sound comes out. */
export class AudioOutlet implements AudioSource {
  readonly channels: 1 | 2;
  readonly #onFirstHandler: () => void;
  #onBlock: ((block: PcmBlock) => void) | undefined;

  constructor(options: { readonly channels: 1 | 2; readonly onFirstHandler: () => void }) {
    this.channels = options.channels;
    this.#onFirstHandler = options.onFirstHandler;
  }

  get onBlock(): ((block: PcmBlock) => void) | undefined {
    return this.#onBlock;
  }

  set onBlock(handler: ((block: PcmBlock) => void) | undefined) {
    this.#onBlock = handler;
    if (handler) this.#onFirstHandler();
  }

  push(block: PcmBlock): void {
    this.#onBlock?.(block);
  }
}
