import type { VideoCodec } from "@mqtt-meet/protocol";

/** What the catalog says until the encoder is open. */
export const USUAL_CODEC_STRINGS: Readonly<Record<VideoCodec, string>> = {
  vp8: "vp8",
  h264: "avc1.42E01F",
  vp9: "vp09.00.31.08",
  av1: "av01.0.05M.08",
  jpeg: "jpeg",
};
