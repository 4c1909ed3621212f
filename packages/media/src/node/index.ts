export type { AudioSource, MediaSource, SourceOptions, VideoSource } from "./media-source.ts";
export type { NodePicture, YuvPlanes } from "./node-picture.ts";
