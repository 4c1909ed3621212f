import type { VideoCodec } from "@mqtt-meet/protocol";
import type { NodeBackend } from "../node-backend.ts";
import { OpenPorts } from "../open-ports.ts";
import { openAvAudioDecoder } from "./av-audio-decoder.ts";
import { openAvAudioEncoder } from "./av-audio-encoder.ts";
import type { AvLibrary } from "./av-library.ts";
import { openAvVideoDecoder } from "./av-video-decoder.ts";
import { openAvVideoEncoder } from "./av-video-encoder.ts";
import { DECODER_NAMES, ENCODER_NAMES } from "./video-encoder-settings.ts";

/** By what one frame costs to encode and decode. All of them keep up with 720p at 30 frames per second on two cores. */
const PREFERENCE: readonly VideoCodec[] = ["h264", "vp8", "vp9", "av1", "jpeg"];

/** The codecs of the FFmpeg libraries inside this process. */
export function avBackend(av: AvLibrary): NodeBackend {
  const { Codec } = av.lib;
  const encoder = (name: string) =>
    Codec.findEncoderByName(name as unknown as Parameters<typeof Codec.findEncoderByName>[0]);
  const decoder = (name: string) =>
    Codec.findDecoderByName(name as unknown as Parameters<typeof Codec.findDecoderByName>[0]);
  const ports = new OpenPorts();
  return {
    name: "node-av",
    encodableVideo: async () => PREFERENCE.filter((codec) => encoder(ENCODER_NAMES[codec]) !== null),
    decodableVideo: async () => PREFERENCE.filter((codec) => decoder(DECODER_NAMES[codec]) !== null),
    encoderName: async (codec) => {
      const name = codec === "opus" ? "libopus" : ENCODER_NAMES[codec];
      return encoder(name) ? name : undefined;
    },
    openVideoEncoder: async (encoding, output) => ports.add(await openAvVideoEncoder(av, encoding, output)),
    openJpegEncoder: async ({ quality, ...size }, output) => {
      const encoding = { ...size, codec: "jpeg", bitrateBps: 1, content: "motion", jpegQuality: quality } as const;
      return ports.add(await openAvVideoEncoder(av, encoding, output));
    },
    openVideoDecoder: async (codec, output) => ports.add(await openAvVideoDecoder(av, codec, output)),
    openAudioEncoder: async (encoding, output) => openAvAudioEncoder(av, encoding, output),
    openAudioDecoder: async (codec, output) => openAvAudioDecoder(av, codec, output),
    close: () => ports.close(),
  };
}
