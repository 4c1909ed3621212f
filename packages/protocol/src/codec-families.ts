/** Families of video codecs a participant can name; the exact WebCodecs string stands in the catalog. */
export const VIDEO_CODECS = ["vp8", "h264", "vp9", "av1", "jpeg"] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

/** Families of sound codecs. */
export const AUDIO_CODECS = ["opus"] as const;
export type AudioCodec = (typeof AUDIO_CODECS)[number];
