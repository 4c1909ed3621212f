export type { ByteStream, Dial } from "./byte-stream.ts";
export { encodePacket } from "./codec/encode-packet.ts";
export { encodePublishHeader } from "./codec/encode-publish.ts";
export { MalformedPacketError } from "./codec/malformed-packet-error.ts";
export type {
  AcknowledgementPacket,
  AuthPacket,
  ConnackPacket,
  ConnectPacket,
  DisconnectPacket,
  Packet,
  PingreqPacket,
  PingrespPacket,
  ProtocolLevel,
  PublishPacket,
  QoS,
  SubackPacket,
  SubscribePacket,
  Subscription,
  UnsubackPacket,
  UnsubscribePacket,
  Will,
} from "./codec/packet.ts";
export { PacketParser, type PacketParserOptions } from "./codec/packet-parser.ts";
export type {
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  Properties,
  PublishProperties,
  ReasonProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  WillProperties,
} from "./codec/properties.ts";
export { ReasonCode, reasonCodeText } from "./codec/reason-code.ts";
export { isTopicFilter, isTopicName, topicMatches } from "./codec/topic-syntax.ts";
export { ConnectionError, type ConnectionErrorCode } from "./connection-error.ts";
export { webSocketDial } from "./web-socket-dial.ts";
