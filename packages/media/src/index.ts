export type {
  AudioDecoderPort,
  AudioEncoderPort,
  AudioEncoding,
  CodecBackend,
  EncodedFrame,
  Output,
  PcmBlock,
  Picture,
  VideoDecoderPort,
  VideoEncoderPort,
  VideoEncoding,
} from "./codec.ts";
export { MediaError } from "./media-error.ts";
