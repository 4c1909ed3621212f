import type {
  AudioEncoderPort,
  CodecBackend,
  EncodedFrame,
  Output,
  PcmBlock,
  Picture,
  VideoEncoderPort,
} from "@mqtt-meet/media";
import type { Recording } from "./recording.ts";

/** Codecs that "encode" a recording, so that one process can be as many publishers as are wanted. They decode nothing. */
export function replayBackend(recording: Recording): CodecBackend<Picture> {
  const refuse = () => Promise.reject(new Error("A sender of a recording watches nobody."));
  return {
    encodableVideo: async () => ["h264"],
    decodableVideo: async () => ["h264"],
    openVideoEncoder: async (_, output) => new ReplayVideo(recording, output),
    openAudioEncoder: async (_, output) => new ReplaySound(recording, output),
    openVideoDecoder: refuse,
    openAudioDecoder: refuse,
  };
}

class ReplayVideo implements VideoEncoderPort<Picture> {
  readonly codecString: string;
  readonly pendingFrames = 0;
  readonly #pictures: readonly EncodedFrame[];
  readonly #output: Output<EncodedFrame>;
  #next = 0;

  constructor({ pictures, codecString }: Recording, output: Output<EncodedFrame>) {
    this.#pictures = pictures;
    this.#output = output;
    this.codecString = codecString;
  }

  /** A key frame that is asked for is the next one of the recording, which goes on behind it. */
  encode(picture: Picture, { keyFrame }: { readonly keyFrame: boolean }): void {
    picture.close();
    const count = this.#pictures.length;
    while (keyFrame && !this.#pictures[this.#next % count]?.keyFrame) this.#next++;
    const frame = this.#pictures[this.#next++ % count];
    if (frame) this.#output.onOutput({ ...frame, timestampUs: picture.timestamp });
  }

  setBitrate(): void {
    // It was encoded with one.
  }

  close(): void {
    // It holds nothing.
  }
}

class ReplaySound implements AudioEncoderPort {
  readonly #sounds: readonly Uint8Array[];
  readonly #output: Output<EncodedFrame>;
  #next = 0;

  constructor({ sounds }: Recording, output: Output<EncodedFrame>) {
    this.#sounds = sounds;
    this.#output = output;
  }

  encode({ timestampUs }: PcmBlock): void {
    const data = this.#sounds[this.#next++ % this.#sounds.length];
    if (data) this.#output.onOutput({ keyFrame: true, discardable: false, timestampUs, data });
  }

  setBitrate(): void {
    // It was encoded with one.
  }

  close(): void {
    // It holds nothing.
  }
}
