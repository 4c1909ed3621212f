import type { CodecBackend, EncodedFrame, Picture, VideoEncoderPort, VideoEncoding } from "../codec.ts";
import { MediaError } from "../media-error.ts";

/** An encoder that fails more often than this in {@link FAILURE_WINDOW_MS} will not recover. */
const MAX_FAILURES = 3;
const FAILURE_WINDOW_MS = 30_000;

/** An encoder that is given a picture and delivers nothing for so long hangs; a busy machine never takes so long. */
const MAX_ENCODE_MS = 5_000;

/** What an encoder says of itself when it is open. */
export type OpenedEncoder = Pick<VideoEncoderPort<Picture>, "codecString" | "temporalLayers">;

/** What the owner of a {@link PictureEncoder} hears. */
export interface PictureEncoderOptions<P extends Picture> {
  readonly backend: CodecBackend<P>;
  readonly nowMs: () => number;
  /** The next picture has to be a key frame. */
  readonly onOpen: (encoding: VideoEncoding, opened: OpenedEncoder) => void;
  readonly onFrame: (frame: EncodedFrame, encodeMs: number) => void;
  /** An encoder was lost; another one is being opened. */
  readonly onFailure: () => void;
  /** None can be kept open. */
  readonly onError: (error: MediaError) => void;
}

/** One encoder, opened again when what is asked of it changes or when it fails. */
export class PictureEncoder<P extends Picture> {
  readonly #options: PictureEncoderOptions<P>;
  #port: VideoEncoderPort<P> | undefined;
  /** Counts openings: what belongs to an earlier one is ignored. */
  #generation = 0;
  #encoding: VideoEncoding | undefined;
  /** Capture time and begin of the pictures inside the encoder. */
  #begun: { readonly timestampUs: number; readonly atMs: number }[] = [];
  readonly #failuresMs: number[] = [];
  #resting = false;
  #closed = false;

  constructor(options: PictureEncoderOptions<P>) {
    this.#options = options;
  }

  /** Undefined until the first encoder is open, and after it was lost. */
  get pendingFrames(): number | undefined {
    return this.#port?.pendingFrames;
  }

  /** How long the oldest picture has been inside the encoder; 0 when there is none. */
  oldestAgeMs(nowMs: number): number {
    const [oldest] = this.#begun;
    return oldest && this.pendingFrames ? nowMs - oldest.atMs : 0;
  }

  /** What was last asked for. */
  get encoding(): VideoEncoding | undefined {
    return this.#encoding;
  }

  /** Asks for another encoder. One for the same size goes on until the new one is open. */
  configure(encoding: VideoEncoding): void {
    const { widthPx, heightPx } = this.#encoding ?? encoding;
    if (widthPx !== encoding.widthPx || heightPx !== encoding.heightPx) this.#discard();
    this.#encoding = encoding;
    if (!this.#resting) this.#open(encoding);
  }

  /** While resting no encoder is open; what was asked for stays, and is opened afterwards. */
  setResting(resting: boolean): void {
    if (resting === this.#resting || this.#closed) return;
    this.#resting = resting;
    this.#generation++;
    if (resting) this.#discard();
    else if (this.#encoding) this.#open(this.#encoding);
  }

  /** Takes `picture` over. False when no encoder is open. */
  encode(picture: P, options: { readonly keyFrame: boolean }): boolean {
    if (!this.#port) {
      picture.close();
      return false;
    }
    this.#begun.push({ timestampUs: picture.timestamp, atMs: this.#options.nowMs() });
    this.#port.encode(picture, options);
    return true;
  }

  /** Replaces an encoder that hangs. */
  checkProgress(): void {
    const begun = this.#begun[0];
    if (!begun || this.#options.nowMs() - begun.atMs < MAX_ENCODE_MS) return;
    this.#fail(new MediaError("encoder-failed", "The encoder does not deliver any more."));
  }

  setBitrate(bitrateBps: number): void {
    if (!this.#encoding) return;
    this.#encoding = { ...this.#encoding, bitrateBps };
    this.#port?.setBitrate(bitrateBps);
  }

  close(): void {
    this.#closed = true;
    this.#generation++;
    this.#discard();
  }

  #open(encoding: VideoEncoding): void {
    const generation = ++this.#generation;
    const current = () => !this.#closed && generation === this.#generation;
    // An encoder that is being replaced may still deliver; its port decides whether a frame counts.
    let port: VideoEncoderPort<P> | undefined;
    const output = {
      onOutput: (frame: EncodedFrame) => {
        if (port && port === this.#port) this.#deliver(frame);
      },
      onError: (error: Error) => {
        if (port ? port === this.#port : current()) this.#fail(error);
      },
    };
    this.#options.backend.openVideoEncoder(encoding, output).then(
      (opened) => {
        port = opened;
        if (current()) this.#use(opened, encoding);
        else opened.close();
      },
      (error: unknown) => {
        if (current()) this.#giveUp(asMediaError(error));
      },
    );
  }

  #use(port: VideoEncoderPort<P>, encoding: VideoEncoding): void {
    this.#discard();
    this.#port = port;
    const bitrateBps = this.#encoding?.bitrateBps ?? encoding.bitrateBps;
    if (bitrateBps !== encoding.bitrateBps) port.setBitrate(bitrateBps);
    this.#options.onOpen({ ...encoding, bitrateBps }, port);
  }

  #deliver(frame: EncodedFrame): void {
    const index = this.#begun.findIndex((begun) => begun.timestampUs >= frame.timestampUs);
    const begun = this.#begun[index];
    // Encoders may leave pictures out: what is older than an output will not come any more.
    this.#begun = index < 0 ? [] : this.#begun.slice(index + 1);
    this.#options.onFrame(frame, begun ? this.#options.nowMs() - begun.atMs : 0);
  }

  #fail(error: Error): void {
    const nowMs = this.#options.nowMs();
    this.#discard();
    this.#failuresMs.push(nowMs);
    while (this.#failuresMs[0] !== undefined && this.#failuresMs[0] < nowMs - FAILURE_WINDOW_MS) {
      this.#failuresMs.shift();
    }
    this.#options.onFailure();
    if (this.#failuresMs.length > MAX_FAILURES) this.#giveUp(asMediaError(error));
    else if (this.#encoding) this.#open(this.#encoding);
  }

  #giveUp(error: MediaError): void {
    this.#generation++;
    this.#discard();
    this.#options.onError(error);
  }

  #discard(): void {
    this.#port?.close();
    this.#port = undefined;
    this.#begun = [];
  }
}

function asMediaError(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  return new MediaError("encoder-failed", "The encoder failed.", { cause: error });
}
