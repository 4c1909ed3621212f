export { BufferPicture, rawPictureBytes } from "./buffer-picture.ts";
export type { AudioSource, MediaSource, SourceOptions, VideoSource } from "./media-source.ts";
export type { JpegEncoding, NodeBackend } from "./node-backend.ts";
export type { NodePicture, YuvPlanes } from "./node-picture.ts";
export { openNodeBackend } from "./open-node-backend.ts";
export { type OpenSourceOptions, openSource } from "./open-source.ts";
export { packPlanes } from "./pack-planes.ts";
