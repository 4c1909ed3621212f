export { AUDIO_CODECS, type AudioCodec, VIDEO_CODECS, type VideoCodec } from "./codec-families.ts";
export { CodedError } from "./coded-error.ts";
