import type { CodecBackend, EncodedFrame, Picture, VideoDecoderPort } from "../codec.ts";
import { MediaError } from "../media-error.ts";

/** What the owner of a {@link PictureDecoder} hears. */
export interface PictureDecoderOptions<P extends Picture> {
  readonly backend: CodecBackend<P>;
  /** The decoder can be used. */
  readonly onOpen: () => void;
  readonly onPicture: (picture: P) => void;
  /** The decoder is gone with what was in it; the next frame has to be a key frame. */
  readonly onFailure: (error: MediaError) => void;
}

/** One decoder, opened again when the codec changes or after it failed. */
export class PictureDecoder<P extends Picture> {
  readonly #options: PictureDecoderOptions<P>;
  #port: VideoDecoderPort | undefined;
  /** Of the decoder that is open or being opened. */
  #codec: string | undefined;
  #generation = 0;

  constructor(options: PictureDecoderOptions<P>) {
    this.#options = options;
  }

  /** Undefined while no decoder is open. */
  get pendingFrames(): number | undefined {
    return this.#port?.pendingFrames;
  }

  /** Whether a frame of `codec` can be decoded now; if not, {@link PictureDecoderOptions.onOpen} says when. */
  ready(codec: string): boolean {
    if (this.#codec !== codec) this.#open(codec);
    return this.#port !== undefined;
  }

  /** Does nothing while no decoder is open. */
  decode(frame: EncodedFrame): void {
    this.#port?.decode(frame);
  }

  close(): void {
    this.#generation++;
    this.#codec = undefined;
    this.#port?.close();
    this.#port = undefined;
  }

  #open(codec: string): void {
    this.close();
    this.#codec = codec;
    const generation = this.#generation;
    const current = () => generation === this.#generation;
    const failed = (error: unknown) => {
      if (!current()) return;
      this.close();
      this.#options.onFailure(asMediaError(error));
    };
    const onOutput = (picture: P) => {
      if (current()) this.#options.onPicture(picture);
      else picture.close();
    };
    this.#options.backend.openVideoDecoder(codec, { onOutput, onError: failed }).then((port) => {
      if (!current()) return port.close();
      this.#port = port;
      this.#options.onOpen();
    }, failed);
  }
}

function asMediaError(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  return new MediaError("decoder-failed", "The decoder failed.", { cause: error });
}
