import type { AudioEncoderPort, CodecBackend, EncodedFrame, PcmBlock, Picture } from "../codec.ts";
import { SAMPLE_RATE, samplesToUs } from "../sound.ts";
import { SoundFramer } from "./sound-framer.ts";

/** How sound is encoded for now. */
export interface SoundEncoding {
  readonly bitrateBps: number;
  readonly frameDurationMs: number;
}

/** What a {@link SoundEncoder} works with. */
export interface SoundEncoderOptions {
  readonly backend: CodecBackend<Picture>;
  readonly channels: 1 | 2;
  readonly encoding: SoundEncoding;
  /** A frame is whole. */
  readonly onFrame: (frame: PcmBlock) => void;
  /** Whether a frame goes in; it may be changed for that. Not asked while there is no encoder. All go in when it is left out. */
  readonly admits?: (frame: PcmBlock) => boolean;
  readonly onEncoded: (frame: EncodedFrame) => void;
  /** There is no encoder any more until {@link SoundEncoder.reopen}. */
  readonly onError: (error: unknown) => void;
}

/** An encoder's times are rounded. */
const ROUNDING_US = 1_000;

/**
 * Blocks of any size in, encoded frames out. The length of the frames can change in the middle of a word: the old encoder works until
 * the new one is open, and what was begun goes on there. A new one is given the last frame once more and what it makes of that is
 * thrown away, so that it does not begin with the silence that Opus looks ahead into.
 */
export class SoundEncoder {
  readonly #options: SoundEncoderOptions;
  #wanted: SoundEncoding;
  #framer: SoundFramer;
  #frameDurationMs: number;
  #port: AudioEncoderPort | undefined;
  /** What still delivers what it was given, until the new one does. */
  #retired: AudioEncoderPort | undefined;
  /** What the present encoder makes of sound before this has been sent. */
  #fromUs = Number.NEGATIVE_INFINITY;
  /** What went in last; undefined when what comes next does not follow on it. */
  #lastFrame: PcmBlock | undefined;
  /** Counts openings: what comes of an earlier one is not wanted any more. */
  #opening = 0;
  #closed = false;

  constructor(options: SoundEncoderOptions) {
    this.#options = options;
    this.#wanted = options.encoding;
    this.#frameDurationMs = options.encoding.frameDurationMs;
    this.#framer = this.#newFramer();
    this.#open();
  }

  /** As of {@link AudioEncoderPort}; false while there is no encoder. */
  get holdsFrames(): boolean {
    return this.#port?.holdsFrames ?? false;
  }

  push(block: PcmBlock): void {
    for (const frame of this.#framer.push(block)) this.#encode(frame);
  }

  /** What comes next does not follow on what came before. */
  reset(): void {
    this.#framer.reset();
    this.#lastFrame = undefined;
  }

  change(encoding: SoundEncoding): void {
    const { bitrateBps, frameDurationMs } = this.#wanted;
    this.#wanted = encoding;
    if (encoding.frameDurationMs !== frameDurationMs) this.#open();
    else if (encoding.bitrateBps !== bitrateBps) this.#port?.setBitrate(encoding.bitrateBps);
  }

  /** Tries again after a failure. */
  reopen(): void {
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#port?.close();
    this.#retired?.close();
    this.#port = undefined;
    this.#retired = undefined;
  }

  #newFramer(): SoundFramer {
    return new SoundFramer({ channels: this.#options.channels, frameDurationMs: this.#frameDurationMs });
  }

  #open(): void {
    const opening = ++this.#opening;
    const { backend, channels } = this.#options;
    const encoding = this.#wanted;
    let port: AudioEncoderPort | undefined;
    const output = {
      onOutput: (frame: EncodedFrame) => this.#deliver(port, frame),
      onError: (error: unknown) => this.#fail(error, { opening, port }),
    };
    backend.openAudioEncoder({ codec: "opus", channels, ...encoding }, output).then((opened) => {
      port = opened;
      if (this.#closed || opening !== this.#opening) return opened.close();
      this.#use(opened, encoding);
    }, output.onError);
  }

  #use(port: AudioEncoderPort, encoding: SoundEncoding): void {
    const begun = this.#framer.take();
    const last = this.#lastFrame;
    this.#retired?.close();
    this.#retired = this.#port;
    this.#port = port;
    this.#frameDurationMs = encoding.frameDurationMs;
    this.#framer = this.#newFramer();
    this.#fromUs = Number.NEGATIVE_INFINITY;
    if (encoding.bitrateBps !== this.#wanted.bitrateBps) port.setBitrate(this.#wanted.bitrateBps);
    if (last !== undefined && this.#retired !== undefined) {
      this.#fromUs = last.timestampUs + samplesToUs(last.samples.length / last.channels);
      port.encode(endOf(last, { endUs: this.#fromUs, durationMs: this.#frameDurationMs }));
    }
    if (begun) this.push(begun);
  }

  #encode(frame: PcmBlock): void {
    this.#options.onFrame(frame);
    if (!this.#port) return;
    const admitted = this.#options.admits?.(frame) ?? true;
    this.#lastFrame = admitted ? frame : undefined;
    if (admitted) this.#port.encode(frame);
  }

  #deliver(port: AudioEncoderPort | undefined, frame: EncodedFrame): void {
    if (this.#closed || port === undefined) return;
    if (port === this.#port) {
      if (frame.timestampUs + ROUNDING_US < this.#fromUs) return;
      this.#retired?.close();
      this.#retired = undefined;
    } else if (port !== this.#retired) return;
    this.#options.onEncoded(frame);
  }

  #fail(error: unknown, from: { readonly opening: number; readonly port: AudioEncoderPort | undefined }): void {
    const current = from.port === undefined ? from.opening === this.#opening : from.port === this.#port;
    if (this.#closed || !current) return;
    this.#port?.close();
    this.#port = undefined;
    this.#options.onError(error);
  }
}

/** The end of `frame`, so long; what is missing in front is silence. */
function endOf(frame: PcmBlock, { endUs, durationMs }: { endUs: number; durationMs: number }): PcmBlock {
  const samples = new Float32Array(Math.round((SAMPLE_RATE * durationMs) / 1000) * frame.channels);
  const end = frame.samples.subarray(Math.max(0, frame.samples.length - samples.length));
  samples.set(end, samples.length - end.length);
  return { ...frame, timestampUs: endUs - durationMs * 1000, samples };
}
