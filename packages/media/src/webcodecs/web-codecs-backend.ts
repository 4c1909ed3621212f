import type { VideoCodec } from "@mqtt-meet/protocol";
import type {
  AudioDecoderPort,
  AudioEncoderPort,
  AudioEncoding,
  CodecBackend,
  EncodedFrame,
  Output,
  PcmBlock,
  VideoDecoderPort,
  VideoEncoderPort,
  VideoEncoding,
} from "../codec.ts";
import type { BrowserPicture } from "./browser-picture.ts";
import { codecString } from "./codec-strings.ts";
import { encodesH264 } from "./encodes-h264.ts";
import { canEncodeJpeg, openJpegDecoder, openJpegEncoder } from "./jpeg-codec.ts";
import { openOpusDecoder, openOpusEncoder } from "./opus-codec.ts";
import { canDecode, openWebVideoDecoder } from "./web-video-decoder.ts";
import { openWebVideoEncoder, videoEncoderConfig } from "./web-video-encoder.ts";

type WebCodec = Exclude<VideoCodec, "jpeg">;

const WEB_CODECS: readonly WebCodec[] = ["h264", "vp8", "vp9", "av1"];

/**
 * Processors a codec needs to be encoded in software beside everything else of a meeting; in the order of their cost
 * (docs/decisions/0002-codecs.md).
 */
const PROCESSORS: Readonly<Record<WebCodec, number>> = { h264: 1, vp8: 1, vp9: 4, av1: 8 };

/** What a machine has to encode in real time. */
const USUAL = { widthPx: 1280, heightPx: 720, frameRate: 30, bitrateBps: 1_500_000, content: "motion" } as const;

/** The codecs of this browser, in a window or a worker. Without WebCodecs only JPEG is there, and no sound. */
export function createWebCodecsBackend(): CodecBackend<BrowserPicture> {
  return new WebCodecsBackend();
}

class WebCodecsBackend implements CodecBackend<BrowserPicture> {
  #encodable: Promise<readonly VideoCodec[]> | undefined;
  #decodable: Promise<readonly VideoCodec[]> | undefined;

  encodableVideo(): Promise<readonly VideoCodec[]> {
    this.#encodable ??= encodable();
    return this.#encodable;
  }

  decodableVideo(): Promise<readonly VideoCodec[]> {
    this.#decodable ??= decodable();
    return this.#decodable;
  }

  async openVideoEncoder(
    encoding: VideoEncoding,
    output: Output<EncodedFrame>,
  ): Promise<VideoEncoderPort<BrowserPicture>> {
    return encoding.codec === "jpeg" ? openJpegEncoder(encoding, output) : openWebVideoEncoder(encoding, output);
  }

  async openVideoDecoder(codec: string, output: Output<BrowserPicture>): Promise<VideoDecoderPort> {
    return codec === "jpeg" ? openJpegDecoder(output) : openWebVideoDecoder(codec, output);
  }

  openAudioEncoder(encoding: AudioEncoding, output: Output<EncodedFrame>): Promise<AudioEncoderPort> {
    return openOpusEncoder(encoding, output);
  }

  openAudioDecoder(codec: string, output: Output<PcmBlock>): Promise<AudioDecoderPort> {
    return openOpusDecoder(codec, output);
  }
}

async function encodable(): Promise<readonly VideoCodec[]> {
  const hardware = await supporting("prefer-hardware");
  const software = (await supporting("no-preference")).filter(
    (codec) => !hardware.includes(codec) && PROCESSORS[codec] <= navigator.hardwareConcurrency,
  );
  const claimed = [...hardware, ...software];
  const isLive = !claimed.includes("h264") || (await encodesH264(navigator.userAgent));
  const proved = claimed.filter((codec) => isLive || codec !== "h264");
  return [...proved, ...(canEncodeJpeg() ? (["jpeg"] as const) : [])];
}

async function supporting(acceleration: HardwareAcceleration): Promise<readonly WebCodec[]> {
  if (typeof VideoEncoder === "undefined") return [];
  const supported = await Promise.all(
    WEB_CODECS.map((codec) => VideoEncoder.isConfigSupported(videoEncoderConfig({ ...USUAL, codec }, acceleration))),
  );
  return WEB_CODECS.filter((_, index) => supported[index]?.supported === true);
}

async function decodable(): Promise<readonly VideoCodec[]> {
  const supported = await Promise.all(WEB_CODECS.map((codec) => canDecode({ codec: codecString(codec, USUAL) })));
  return [...WEB_CODECS.filter((_, index) => supported[index]), "jpeg"];
}
