export { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
export { AUDIO_CODECS, type AudioCodec, VIDEO_CODECS, type VideoCodec } from "./codec-families.ts";
export { CodedError } from "./coded-error.ts";
export { type FrameBody, parseFrameBody, type Rotation, writeFrameBody } from "./frame-body.ts";
export {
  HEADER_BYTES,
  MAX_FRAGMENT_BYTES,
  MAX_FRAGMENTS,
  PACKET_VERSION,
  type Packet,
  type PacketHeader,
  parsePacket,
  writePacket,
} from "./packet.ts";
export { ProtocolError } from "./protocol-error.ts";
export { isTopicLevel, type PeerId, type TopicLevel, topicLevel } from "./topic-level.ts";
export { ALL_LEVEL, type RoomTopic, TOPIC_PREFIX, TopicScheme } from "./topic-scheme.ts";
