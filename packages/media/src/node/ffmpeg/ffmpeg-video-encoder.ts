import type { EncodedFrame, Output, VideoEncoderPort, VideoEncoding } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { codecString } from "../codec-string.ts";
import type { NodePicture } from "../node-picture.ts";
import type { OpenPort } from "../open-ports.ts";
import { packPlanes } from "../pack-planes.ts";
import { ReopenPolicy } from "../reopen-policy.ts";
import { scalePicture } from "../scale-picture.ts";
import { type EncoderProgram, encoderArguments } from "./encoder-arguments.ts";
import { FfmpegChild } from "./ffmpeg-child.ts";
import { IvfSplitter } from "./ivf.ts";
import { MultipartSplitter } from "./multipart.ts";

/** Twice as many pictures as any caller lets wait: more are a fault of the caller, and closed. */
const MAX_PENDING_FRAMES = 8;

/** One run of the program. A forced key frame and a new bitrate need a new run. */
interface Run {
  readonly child: FfmpegChild;
  /** Capture times of the pictures that have not come out. */
  readonly timestamps: number[];
  /** What came out before it was this run's turn. */
  readonly early: EncodedFrame[];
  frames: number;
  finished: boolean;
}

/** Encodes with the program ffmpeg: slower to start, and a key frame on demand costs a new process. */
export class FfmpegVideoEncoder implements VideoEncoderPort<NodePicture>, OpenPort {
  readonly codecString: string;
  readonly done: Promise<void>;
  readonly #program: EncoderProgram;
  readonly #encoding: VideoEncoding & { readonly jpegQuality?: number };
  readonly #output: Output<EncodedFrame>;
  readonly #bitrate: ReopenPolicy;
  /** The last one takes pictures, the first one delivers. */
  readonly #runs: Run[] = [];
  #bitrateBps: number;
  #closed = false;
  #markDone: () => void = () => {};

  constructor(
    encoding: VideoEncoding & { readonly jpegQuality?: number },
    options: { readonly program: EncoderProgram; readonly output: Output<EncodedFrame> },
  ) {
    this.codecString = codecString(encoding.codec, encoding);
    this.#encoding = encoding;
    this.#program = options.program;
    this.#output = options.output;
    this.#bitrateBps = encoding.bitrateBps;
    this.#bitrate = new ReopenPolicy(encoding.bitrateBps);
    this.done = new Promise((resolve) => {
      this.#markDone = resolve;
    });
  }

  get pendingFrames(): number {
    return this.#runs.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  }

  encode(picture: NodePicture, { keyFrame }: { readonly keyFrame: boolean }): void {
    try {
      if (this.#closed || this.pendingFrames >= MAX_PENDING_FRAMES) return;
      const run = this.#runFor(picture, keyFrame);
      run.timestamps.push(picture.timestamp);
      run.child.stdin.write(this.#planes(picture));
    } finally {
      picture.close();
    }
  }

  setBitrate(bitrateBps: number): void {
    this.#bitrate.want(bitrateBps);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const ends = this.#runs.map(({ child }) => {
      child.kill();
      return child.exited;
    });
    void Promise.all(ends).then(() => this.#markDone());
  }

  #runFor(picture: NodePicture, keyFrame: boolean): Run {
    const current = this.#runs.at(-1);
    // The first picture of a run is a key frame anyway, and every JPEG is one.
    const anew = keyFrame && this.#encoding.codec !== "jpeg" && current !== undefined && current.frames > 0;
    const bitrateBps = this.#bitrate.take({ free: anew, nowMs: performance.now() });
    this.#bitrateBps = bitrateBps ?? this.#bitrateBps;
    if (current && !anew && bitrateBps === undefined) return current;
    current?.child.stdin.end();
    return this.#start(picture.fullRange);
  }

  #start(fullRange: boolean): Run {
    const encoding = { ...this.#encoding, bitrateBps: this.#bitrateBps };
    const child = new FfmpegChild(encoderArguments(this.#program, encoding, { fullRange }));
    const run: Run = { child, timestamps: [], early: [], frames: 0, finished: false };
    const { codec } = this.#encoding;
    const splitter = codec === "jpeg" || codec === "h264" ? new MultipartSplitter() : new IvfSplitter();
    child.stdout.on("data", (chunk: Buffer) => {
      for (const data of splitter.push(chunk)) this.#receive(run, data);
    });
    void child.exited.then((status) => this.#exited(run, status));
    this.#runs.push(run);
    return run;
  }

  #receive(run: Run, data: Buffer): void {
    const timestampUs = run.timestamps.shift();
    if (timestampUs === undefined) return;
    const keyFrame = run.frames === 0 || this.#encoding.codec === "jpeg";
    run.frames++;
    const frame = { keyFrame, discardable: false, timestampUs, data: Uint8Array.from(data) };
    if (run === this.#runs[0]) this.#deliver(frame);
    else run.early.push(frame);
  }

  #deliver(frame: EncodedFrame): void {
    if (!this.#closed) this.#output.onOutput(frame);
  }

  #exited(run: Run, status: number | null): void {
    if (this.#closed) return;
    if (status !== 0 || run === this.#runs.at(-1)) {
      this.close();
      const cause = new Error(run.child.said || "ffmpeg has ended.");
      this.#output.onError(new MediaError("encoder-failed", "The video encoder failed.", { cause }));
      return;
    }
    run.finished = true;
    while (this.#runs[0]?.finished) {
      this.#runs.shift();
      for (const frame of this.#runs[0]?.early.splice(0) ?? []) this.#deliver(frame);
    }
  }

  #planes(picture: NodePicture): Buffer {
    const { widthPx, heightPx } = this.#encoding;
    const fits = picture.displayWidth === widthPx && picture.displayHeight === heightPx;
    return fits ? packPlanes(picture) : scalePicture(picture, { widthPx, heightPx });
  }
}
