import { type EncodedFrame, MediaError, type VideoDecoderPort } from "@mqtt-meet/media";
import type { NodeBackend, NodePicture } from "@mqtt-meet/media/node";
import { jpegOf } from "@mqtt-meet/protocol";
import type { TrackLine } from "./track-line.ts";
import { TrackMeter } from "./track-meter.ts";

/** What a {@link TopicStream} works with. */
export interface TopicStreamOptions {
  readonly backend: Pick<NodeBackend, "openVideoDecoder">;
  readonly topic: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** Takes the picture over. */
  readonly onPicture: (picture: NodePicture) => void;
  /** Nothing can be decoded here at all. */
  readonly onError: (error: unknown) => void;
}

/** The pictures of one topic: the newest is decoded, what came before and waits is dropped. */
export class TopicStream {
  readonly #options: TopicStreamOptions;
  readonly #meter: TrackMeter;
  #decoder: VideoDecoderPort | undefined;
  #opening = false;
  #busy = false;
  #closed = false;
  #waiting: EncodedFrame | undefined;
  #seen = false;

  constructor(options: TopicStreamOptions) {
    this.#options = options;
    this.#meter = new TrackMeter({ from: options.topic, track: "video", nowMs: options.nowMs() });
  }

  /** A message that is a picture has come, perhaps a broken one. */
  get seen(): boolean {
    return this.#seen;
  }

  /** Pictures that could be decoded. */
  get frames(): number {
    return this.#meter.frames;
  }

  /** Takes a message. */
  receive(payload: Uint8Array): void {
    const data = jpegOf(payload);
    if (!data) {
      this.#meter.countDropped();
      return;
    }
    this.#seen = true;
    this.#meter.countBytes(payload.length);
    if (this.#waiting) this.#meter.countDropped();
    const timestampUs = Math.round(this.#options.nowMs() * 1000);
    this.#waiting = { keyFrame: true, discardable: true, timestampUs, data };
    this.#decodeNext();
  }

  line(nowMs: number): TrackLine {
    return this.#meter.line(nowMs);
  }

  close(): void {
    this.#closed = true;
    this.#decoder?.close();
  }

  #decodeNext(): void {
    if (this.#busy || !this.#waiting || this.#closed) return;
    if (!this.#decoder) {
      if (!this.#opening) void this.#open();
      return;
    }
    const frame = this.#waiting;
    this.#waiting = undefined;
    this.#busy = true;
    this.#decoder.decode(frame);
  }

  async #open(): Promise<void> {
    this.#opening = true;
    try {
      const output = { onOutput: (picture: NodePicture) => this.#show(picture), onError: () => this.#broken() };
      const decoder = await this.#options.backend.openVideoDecoder("jpeg", output);
      if (this.#closed) decoder.close();
      this.#decoder = decoder;
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new MediaError("decoder-failed", String(error)));
      return;
    } finally {
      this.#opening = false;
    }
    this.#decodeNext();
  }

  #show(picture: NodePicture): void {
    this.#busy = false;
    const size = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
    this.#meter.countFrame(size, this.#options.nowMs());
    this.#options.onPicture(picture);
    this.#decodeNext();
  }

  /** The picture was cut off or damaged: it is dropped, and a new decoder goes on. */
  #broken(): void {
    this.#busy = false;
    this.#meter.countDropped();
    this.#decoder = undefined;
    this.#decodeNext();
  }
}
