import type { VideoCodec } from "@mqtt-meet/protocol";
import type { CodecBackend, EncodedFrame, Output, VideoEncoderPort } from "../codec.ts";
import type { NodePicture } from "./node-picture.ts";

/** What a JPEG encoder of fixed quality is asked for. */
export interface JpegEncoding {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
  /** 1 to 100, as libjpeg and OpenCV count it. */
  readonly quality: number;
}

/** The codecs of Node. */
export interface NodeBackend extends CodecBackend<NodePicture> {
  readonly name: "node-av" | "ffmpeg";
  /** Which encoder would be used, or undefined where there is none. */
  encoderName(codec: VideoCodec | "opus"): Promise<string | undefined>;
  openJpegEncoder(encoding: JpegEncoding, output: Output<EncodedFrame>): Promise<VideoEncoderPort<NodePicture>>;
  /**
   * Closes every encoder and decoder that is still open, and resolves when all native work has ended: awaited before the
   * process ends. May be called twice.
   */
  close(): Promise<void>;
}
