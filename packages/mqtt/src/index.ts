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
export type { ByteStream, Dial } from "./connection/byte-stream.ts";
export { Connection, type PublishOptions } from "./connection/connection.ts";
export { ConnectionError, type ConnectionErrorCode } from "./connection/connection-error.ts";
export type { ConnectedInfo, ConnectionOptions, ConnectionState, PathState } from "./connection/connection-state.ts";
export type { Message, SubscribeOptions } from "./connection/subscriptions.ts";
export { webSocketDial, webSocketDials } from "./connection/web-socket-dial.ts";
