import type { EncodedFrame, Output, VideoDecoderPort, VideoEncoderPort, VideoEncoding } from "../codec.ts";
import { MediaError } from "../media-error.ts";
import { BitmapPicture, type BrowserPicture } from "./browser-picture.ts";

/** Below, blocks are all one sees; above, bytes grow and the picture does not. */
const MIN_QUALITY = 0.25;
const MAX_QUALITY = 0.9;
const START_QUALITY = 0.7;

/** How fast the quality follows the bitrate: one picture does not decide. */
const FOLLOW = 0.1;

/** Whether pictures can be compressed here. */
export function canEncodeJpeg(): boolean {
  return typeof OffscreenCanvas !== "undefined" && "convertToBlob" in OffscreenCanvas.prototype;
}

/** Opens an encoder of JPEG pictures; it needs no WebCodecs. */
export function openJpegEncoder(
  encoding: VideoEncoding,
  output: Output<EncodedFrame>,
): VideoEncoderPort<BrowserPicture> {
  if (!canEncodeJpeg()) throw new MediaError("codec-unsupported", "This browser does not encode JPEG.");
  return new JpegEncoder(encoding, output);
}

/** Opens a decoder of JPEG pictures; it needs no WebCodecs. */
export function openJpegDecoder(output: Output<BrowserPicture>): VideoDecoderPort {
  return new JpegDecoder(output);
}

class JpegEncoder implements VideoEncoderPort<BrowserPicture> {
  readonly codecString = "jpeg";
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #output: Output<EncodedFrame>;
  readonly #frameRate: number;
  #bytesPerFrame: number;
  #quality = START_QUALITY;
  #pending = 0;
  /** Pictures leave in order. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(encoding: VideoEncoding, output: Output<EncodedFrame>) {
    this.#canvas = new OffscreenCanvas(encoding.widthPx, encoding.heightPx);
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (!context) throw new MediaError("codec-unsupported", "This browser does not draw.");
    this.#context = context;
    this.#output = output;
    this.#frameRate = encoding.frameRate;
    this.#bytesPerFrame = bytesPerFrame(encoding.bitrateBps, encoding.frameRate);
  }

  get pendingFrames(): number {
    return this.#pending;
  }

  encode(picture: BrowserPicture): void {
    const { width, height } = this.#canvas;
    const timestampUs = picture.timestamp;
    this.#context.drawImage(picture instanceof BitmapPicture ? picture.bitmap : picture, 0, 0, width, height);
    picture.close();
    this.#pending++;
    const blob = this.#canvas.convertToBlob({ type: "image/jpeg", quality: this.#quality });
    const bytes = blob.then((whole) => whole.arrayBuffer());
    bytes.catch(() => undefined);
    this.#last = this.#last.then(async () => {
      try {
        this.#deliver(new Uint8Array(await bytes), timestampUs);
      } catch (cause) {
        this.#fail(cause);
      }
    });
  }

  setBitrate(bitrateBps: number): void {
    this.#bytesPerFrame = bytesPerFrame(bitrateBps, this.#frameRate);
  }

  close(): void {
    this.#closed = true;
  }

  #deliver(data: Uint8Array, timestampUs: number): void {
    this.#pending--;
    if (this.#closed) return;
    const wanted = this.#quality * (this.#bytesPerFrame / data.length) ** FOLLOW;
    this.#quality = Math.min(MAX_QUALITY, Math.max(MIN_QUALITY, wanted));
    this.#output.onOutput({ keyFrame: true, discardable: false, timestampUs, data });
  }

  #fail(cause: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#output.onError(new MediaError("encoder-failed", "The picture could not be compressed.", { cause }));
  }
}

class JpegDecoder implements VideoDecoderPort {
  readonly #output: Output<BrowserPicture>;
  #pending = 0;
  /** Pictures leave in order. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(output: Output<BrowserPicture>) {
    this.#output = output;
  }

  get pendingFrames(): number {
    return this.#pending;
  }

  decode(frame: EncodedFrame): void {
    this.#pending++;
    const bitmap = createImageBitmap(new Blob([new Uint8Array(frame.data)], { type: "image/jpeg" }));
    bitmap.catch(() => undefined);
    this.#last = this.#last.then(async () => {
      try {
        this.#deliver(new BitmapPicture(await bitmap, { timestampUs: frame.timestampUs }));
      } catch (cause) {
        this.#fail(cause);
      }
    });
  }

  close(): void {
    this.#closed = true;
  }

  #deliver(picture: BitmapPicture): void {
    this.#pending--;
    if (this.#closed) picture.close();
    else this.#output.onOutput(picture);
  }

  #fail(cause: unknown): void {
    this.#pending--;
    if (this.#closed) return;
    this.#closed = true;
    this.#output.onError(new MediaError("decoder-failed", "The picture is broken.", { cause }));
  }
}

function bytesPerFrame(bitrateBps: number, frameRate: number): number {
  return bitrateBps / 8 / frameRate;
}
