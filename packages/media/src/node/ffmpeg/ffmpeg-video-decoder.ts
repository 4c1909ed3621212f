import type { VideoCodec } from "@mqtt-meet/protocol";
import type { EncodedFrame, Output, VideoDecoderPort } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { BufferPicture } from "../buffer-picture.ts";
import type { NodePicture } from "../node-picture.ts";
import type { OpenPort } from "../open-ports.ts";
import { Y4mReader } from "../y4m.ts";
import { FfmpegChild } from "./ffmpeg-child.ts";
import { ivfFrameHeader, ivfHeader } from "./ivf.ts";

const FOURCC: Readonly<Record<VideoCodec, string>> = {
  h264: "H264",
  vp8: "VP80",
  vp9: "VP90",
  av1: "AV01",
  jpeg: "MJPG",
};

/** Decodes with the program ffmpeg. Later sizes are scaled to the first by it. */
export class FfmpegVideoDecoder implements VideoDecoderPort, OpenPort {
  readonly done: Promise<void>;
  readonly #child: FfmpegChild;
  readonly #output: Output<NodePicture>;
  readonly #reader = new Y4mReader();
  readonly #timestamps: number[] = [];
  #frames = 0;
  #closed = false;

  constructor(
    codec: VideoCodec,
    options: { readonly syncArguments: readonly string[]; readonly output: Output<NodePicture> },
  ) {
    this.#output = options.output;
    this.#child = new FfmpegChild(decoderArguments(codec, options.syncArguments));
    this.#child.stdin.write(ivfHeader(FOURCC[codec], { widthPx: 16, heightPx: 16 }));
    this.#child.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    // Whatever it says is about a frame that is damaged or missing.
    this.#child.onSaid(() => this.#fail());
    this.done = this.#child.exited.then(() => this.#fail());
  }

  get pendingFrames(): number {
    return this.#timestamps.length;
  }

  decode({ data, timestampUs }: EncodedFrame): void {
    if (this.#closed) return;
    this.#timestamps.push(timestampUs);
    this.#child.stdin.write(ivfFrameHeader(data.length, this.#frames++ * 10));
    this.#child.stdin.write(data);
  }

  close(): void {
    this.#closed = true;
    this.#child.kill();
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    for (const planes of this.#reader.push(chunk)) {
      const { header } = this.#reader;
      if (!header || this.#closed) return;
      const timestamp = this.#timestamps.shift() ?? 0;
      this.#output.onOutput(new BufferPicture(Uint8Array.from(planes), { timestamp, ...header }));
    }
  }

  #fail(): void {
    if (this.#closed) return;
    this.close();
    const cause = new Error(this.#child.said || "ffmpeg has ended.");
    this.#output.onError(new MediaError("decoder-failed", "A received picture could not be decoded.", { cause }));
  }
}

function decoderArguments(codec: VideoCodec, syncArguments: readonly string[]): string[] {
  return [
    ...["-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0", "-flags", "low_delay", "-threads", "1"],
    ...(codec === "jpeg" ? ["-err_detect", "explode"] : []),
    ...["-f", "ivf", "-i", "pipe:0", "-an", ...syncArguments],
    ...["-pix_fmt", codec === "jpeg" ? "yuvj420p" : "yuv420p", "-strict", "-1", "-flush_packets", "1"],
    ...["-f", "yuv4mpegpipe", "pipe:1"],
  ];
}
