import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { VideoCodec } from "@mqtt-meet/protocol";
import type { EncodedFrame, Output, VideoEncoding } from "../../codec.ts";
import { MediaError } from "../../media-error.ts";
import { videoCodecOf } from "../codec-string.ts";
import type { NodeBackend } from "../node-backend.ts";
import { OpenPorts } from "../open-ports.ts";
import { PROGRAM_ENCODERS } from "./encoder-arguments.ts";
import { FfmpegAudioDecoder, FfmpegAudioEncoder } from "./ffmpeg-audio.ts";
import { FfmpegVideoDecoder } from "./ffmpeg-video-decoder.ts";
import { FfmpegVideoEncoder } from "./ffmpeg-video-encoder.ts";

const PREFERENCE: readonly VideoCodec[] = ["h264", "vp8", "vp9", "av1", "jpeg"];
const DECODERS: Readonly<Record<VideoCodec, readonly string[]>> = {
  h264: ["h264"],
  vp8: ["vp8"],
  vp9: ["vp9"],
  av1: ["libdav1d", "libaom-av1"],
  jpeg: ["mjpeg"],
};

/** The program ffmpeg of this system. */
export interface FfmpegProgram {
  readonly encoders: ReadonlySet<string>;
  readonly decoders: ReadonlySet<string>;
  /** What makes it pass frames on one by one; the name of the option changed with 5.1. */
  readonly syncArguments: readonly string[];
}

/** Looks for the program, or returns undefined where there is none. */
export async function findFfmpeg(): Promise<FfmpegProgram | undefined> {
  const run = async (argument: string) => (await promisify(execFile)("ffmpeg", ["-hide_banner", argument])).stdout;
  try {
    const [version, encoders, decoders] = await Promise.all([run("-version"), run("-encoders"), run("-decoders")]);
    const [, major = "0", minor = "0"] = /version n?(\d+)\.(\d+)/.exec(version) ?? [];
    // A build from the newest sources has no such number.
    const old = major !== "0" && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 1));
    const syncArguments = [old ? "-vsync" : "-fps_mode", "passthrough"];
    return { encoders: namesIn(encoders), decoders: namesIn(decoders), syncArguments };
  } catch {
    return undefined;
  }
}

/** Lines like ` V....D libx264   libx264 H.264 / AVC`. */
function namesIn(list: string): ReadonlySet<string> {
  return new Set([...list.matchAll(/^ [VA][A-Z.]{5} (\S+)/gm)].map(([, name]) => name ?? ""));
}

/** The codecs of the program ffmpeg. */
export function ffmpegBackend(program: FfmpegProgram): NodeBackend {
  const ports = new OpenPorts();
  const encoderOf = (codec: VideoCodec) => PROGRAM_ENCODERS[codec].find((name) => program.encoders.has(name));
  const decodes = (codec: VideoCodec) => DECODERS[codec].some((name) => program.decoders.has(name));
  const openEncoder = (
    encoding: VideoEncoding & { readonly jpegQuality?: number },
    output: Output<EncodedFrame>,
  ): FfmpegVideoEncoder => {
    const encoder = encoderOf(encoding.codec);
    if (encoder === undefined) throw unsupported(`an encoder for ${encoding.codec}`);
    return ports.add(new FfmpegVideoEncoder(encoding, { program: { encoder }, output }));
  };
  return {
    name: "ffmpeg",
    encodableVideo: async () => PREFERENCE.filter((codec) => encoderOf(codec) !== undefined),
    decodableVideo: async () => PREFERENCE.filter(decodes),
    encoderName: async (codec) => {
      if (codec === "opus") return program.encoders.has("libopus") ? "libopus" : undefined;
      return encoderOf(codec);
    },
    openVideoEncoder: async (encoding, output) => openEncoder(encoding, output),
    openJpegEncoder: async ({ quality, ...size }, output) =>
      openEncoder({ ...size, codec: "jpeg", bitrateBps: 1, content: "motion", jpegQuality: quality }, output),
    openVideoDecoder: async (codecText, output) => {
      const codec = videoCodecOf(codecText);
      if (!decodes(codec)) throw unsupported(`a decoder for ${codec}`);
      return ports.add(new FfmpegVideoDecoder(codec, { syncArguments: program.syncArguments, output }));
    },
    openAudioEncoder: async (encoding, output) => {
      if (!program.encoders.has("libopus")) throw unsupported("an encoder for Opus");
      return ports.add(new FfmpegAudioEncoder(encoding, output));
    },
    openAudioDecoder: async (codec, output) => {
      if (codec !== "opus" || !program.decoders.has("libopus")) throw unsupported(`a decoder for ${codec}`);
      return ports.add(new FfmpegAudioDecoder(output));
    },
    close: () => ports.close(),
  };
}

function unsupported(what: string): MediaError {
  return new MediaError("codec-unsupported", `The program ffmpeg of this system lacks ${what}.`);
}
