import type { Rotation } from "@mqtt-meet/protocol";
import { BitmapPicture, type BrowserPicture } from "./browser-picture.ts";
import { withFrameInit } from "./rotated-frame.ts";

/** Where a worker shows pictures; made by `createPictureOutput` in the window, posted to the worker with `transfer`. */
export type PictureConnection =
  /** Of a MediaStreamTrackGenerator in the window. */
  | { readonly kind: "stream"; readonly writable: WritableStream<VideoFrame> }
  /** The worker makes a VideoTrackGenerator and posts its track through the port. */
  | { readonly kind: "generator"; readonly port: MessagePort }
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  /** The window shows the ImageBitmaps that come through the port, and answers each. */
  | { readonly kind: "bitmaps"; readonly port: MessagePort };

/** Shows pictures. */
export interface PictureSink {
  /** Takes `picture` over and closes it. When pictures come faster than they can be shown, the newest is shown. */
  draw(picture: BrowserPicture, info: { readonly rotation: Rotation }): void;
  /** Shows black. */
  clear(): void;
  close(): void;
}

/** The writer's side of a picture output. Runs in a worker. */
export function openPictureSink(connection: PictureConnection): PictureSink {
  switch (connection.kind) {
    case "stream":
      return new StreamSink(connection.writable);
    case "generator":
      return new StreamSink(generatedTrack(connection.port));
    case "canvas":
      return new CanvasSink(connection.canvas);
    case "bitmaps":
      return new BitmapSink(connection.port);
  }
}

/** Frames on their way to the element; more would only be older when they are shown. */
const MAX_WRITING = 2;

class StreamSink implements PictureSink {
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  #writing = 0;
  #waiting: VideoFrame | undefined;
  #closed = false;
  #lastUs = 0;

  constructor(writable: WritableStream<VideoFrame>) {
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(() => this.close());
  }

  draw(picture: BrowserPicture, { rotation }: { readonly rotation: Rotation }): void {
    const frame = asFrame(picture, rotation);
    if (this.#closed) frame.close();
    else if (this.#writing < MAX_WRITING) this.#write(frame);
    else {
      this.#waiting?.close();
      this.#waiting = frame;
    }
  }

  clear(): void {
    this.draw(blackFrame(this.#lastUs), { rotation: 0 });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting?.close();
    this.#waiting = undefined;
    this.#writer.close().catch(() => undefined);
  }

  #write(frame: VideoFrame): void {
    this.#writing++;
    this.#lastUs = frame.timestamp;
    this.#writer.write(frame).then(
      () => {
        // Where the stream leads to another thread, that one was given a copy.
        frame.close();
        this.#written();
      },
      () => {
        frame.close();
        this.close();
      },
    );
  }

  #written(): void {
    this.#writing--;
    const frame = this.#waiting;
    this.#waiting = undefined;
    if (frame) this.#write(frame);
  }
}

class CanvasSink implements PictureSink {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D | null;

  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
  }

  draw(picture: BrowserPicture, info: { readonly rotation: Rotation }): void {
    const image = picture instanceof BitmapPicture ? picture.bitmap : picture;
    const { displayWidth, displayHeight } = picture;
    const upright = info.rotation === 0 || info.rotation === 180;
    this.#resize(upright ? displayWidth : displayHeight, upright ? displayHeight : displayWidth);
    const context = this.#context;
    if (context && info.rotation === 0) context.drawImage(image, 0, 0, displayWidth, displayHeight);
    else if (context) {
      context.save();
      context.translate(this.#canvas.width / 2, this.#canvas.height / 2);
      context.rotate((info.rotation * Math.PI) / 180);
      context.drawImage(image, -displayWidth / 2, -displayHeight / 2, displayWidth, displayHeight);
      context.restore();
    }
    picture.close();
  }

  clear(): void {
    this.#context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  close(): void {
    this.clear();
  }

  /** The canvas takes the picture's size; fitting it into the page is the style sheet's work. */
  #resize(widthPx: number, heightPx: number): void {
    if (this.#canvas.width === widthPx && this.#canvas.height === heightPx) return;
    this.#canvas.width = widthPx;
    this.#canvas.height = heightPx;
  }
}

/** Draws on a canvas of its own and hands over what it drew. */
class BitmapSink implements PictureSink {
  readonly #port: MessagePort;
  readonly #canvas = new OffscreenCanvas(2, 2);
  readonly #drawing = new CanvasSink(this.#canvas);
  #posted = 0;
  #waiting: { readonly picture: BrowserPicture; readonly rotation: Rotation } | undefined;
  #closed = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = () => {
      this.#posted--;
      const next = this.#waiting;
      this.#waiting = undefined;
      if (next) this.draw(next.picture, next);
    };
  }

  draw(picture: BrowserPicture, { rotation }: { readonly rotation: Rotation }): void {
    if (this.#closed) picture.close();
    else if (this.#posted < MAX_WRITING) {
      this.#drawing.draw(picture, { rotation });
      this.#post();
    } else {
      this.#waiting?.picture.close();
      this.#waiting = { picture, rotation };
    }
  }

  clear(): void {
    this.#waiting?.picture.close();
    this.#waiting = undefined;
    this.#drawing.clear();
    if (!this.#closed) this.#post();
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.picture.close();
    this.#waiting = undefined;
    this.#port.close();
  }

  #post(): void {
    this.#posted++;
    const bitmap = this.#canvas.transferToImageBitmap();
    this.#port.postMessage(bitmap, [bitmap]);
  }
}

function asFrame(picture: BrowserPicture, rotation: Rotation): VideoFrame {
  const { timestamp } = picture;
  if (picture instanceof BitmapPicture) {
    const frame = new VideoFrame(picture.bitmap, { timestamp });
    picture.close();
    return asFrame(frame, rotation);
  }
  if (rotation === 0) return picture;
  const turned = withFrameInit(picture, { timestamp, rotation });
  picture.close();
  return turned;
}

function blackFrame(timestampUs: number): VideoFrame {
  const format: VideoFrameBufferInit = { format: "I420", codedWidth: 2, codedHeight: 2, timestamp: timestampUs };
  return new VideoFrame(new Uint8Array([16, 16, 16, 16, 128, 128]), format);
}

/** A VideoTrackGenerator of Safari's workers, which no library declares yet. */
interface TrackGenerator {
  readonly writable: WritableStream<VideoFrame>;
  readonly track: Transferable;
}

function generatedTrack(port: MessagePort): WritableStream<VideoFrame> {
  const Generator: new () => TrackGenerator = Reflect.get(globalThis, "VideoTrackGenerator");
  const { writable, track } = new Generator();
  port.postMessage(track, [track]);
  return writable;
}
