import type { VideoCodec } from "@mqtt-meet/protocol";
import type { VideoEncoding } from "../../codec.ts";
import { encoderOptions } from "../av/video-encoder-settings.ts";
import { quantizerOf } from "../jpeg-quality.ts";

/** Which of ffmpeg's encoders encodes a codec. */
export interface EncoderProgram {
  readonly encoder: string;
}

/** Best first, for each codec. Debian's SVT-AV1 has no low delay under a bitrate, so the reference encoder goes first. */
export const PROGRAM_ENCODERS: Readonly<Record<VideoCodec, readonly string[]>> = {
  h264: ["libx264"],
  vp8: ["libvpx"],
  vp9: ["libvpx-vp9"],
  av1: ["libaom-av1"],
  jpeg: ["mjpeg"],
};

/** Pictures from standard input, frames to standard output: each leaves as soon as it is encoded. */
export function encoderArguments(
  program: EncoderProgram,
  encoding: VideoEncoding & { readonly jpegQuality?: number },
  options: { readonly fullRange: boolean },
): string[] {
  const { codec, widthPx, heightPx, frameRate } = encoding;
  const from = options.fullRange ? "yuvj420p" : "yuv420p";
  const to = codec === "jpeg" ? "yuvj420p" : "yuv420p";
  const format = codec === "jpeg" || codec === "h264" ? "mpjpeg" : "ivf";
  return [
    ...["-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0"],
    ...["-f", "rawvideo", "-pix_fmt", from, "-video_size", `${widthPx}x${heightPx}`],
    ...["-framerate", String(frameRate), "-i", "pipe:0", "-an"],
    ...["-c:v", program.encoder, "-pix_fmt", to, ...rateArguments(encoding), ...privateArguments(program, encoding)],
    ...["-flush_packets", "1", "-f", format, "pipe:1"],
  ];
}

function rateArguments({ codec, bitrateBps, jpegQuality }: VideoEncoding & { readonly jpegQuality?: number }) {
  if (codec === "jpeg" && jpegQuality !== undefined) return ["-q:v", String(quantizerOf(jpegQuality))];
  if (codec === "jpeg")
    return ["-b:v", String(bitrateBps), "-maxrate", String(bitrateBps), "-bufsize", String(bitrateBps)];
  const rate = ["-b:v", String(bitrateBps), "-maxrate", String(bitrateBps), "-bufsize", String(bitrateBps >> 1)];
  // Key frames come with a new run, and only then.
  return [...rate, "-g", "100000", "-bf", "0"];
}

function privateArguments({ encoder }: EncoderProgram, encoding: VideoEncoding): string[] {
  if (encoder === "libaom-av1") {
    return ["-usage", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-row-mt", "1", "-threads", "2"];
  }
  const options = Object.entries(encoderOptions(encoding)).flatMap(([name, value]) => [`-${name}`, value]);
  // More threads would each hold a JPEG picture back.
  return [...options, "-threads", encoding.codec === "jpeg" ? "1" : "2"];
}
