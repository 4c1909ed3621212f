export { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
export {
  type AudioTrack,
  AudioTrackSchema,
  type Catalog,
  CatalogSchema,
  encodeCatalog,
  MAX_CATALOG_BYTES,
  MAX_TRACKS,
  parseCatalog,
  TRACK_SOURCES,
  type Track,
  type TrackSource,
  type VideoLayer,
  VideoLayerSchema,
  type VideoTrack,
  VideoTrackSchema,
} from "./catalog.ts";
export {
  cleanChatText,
  cleanName,
  MAX_CAPTION_CHARACTERS,
  MAX_CHAT_CHARACTERS,
  MAX_NAME_CHARACTERS,
} from "./clean-text.ts";
export { AUDIO_CODECS, type AudioCodec, VIDEO_CODECS, type VideoCodec } from "./codec-families.ts";
export { CodedError } from "./coded-error.ts";
export {
  DOOR_SUFFIX,
  type DoorOrder,
  type DoorRules,
  encodeOrder,
  encodeRoomRules,
  encodeStanding,
  KNOCK_INTERVAL_MS,
  KNOCK_LEASE_MS,
  MAX_KNOCK_BYTES,
  MAX_MUTED_PEERS,
  MAX_ORDER_BYTES,
  MUTABLE_KINDS,
  type MutableKind,
  NO_RULES,
  parseOrder,
  parseRoomRules,
  parseStanding,
  type Standing,
} from "./door.ts";
export {
  MAX_EPOCH_MEMBERS,
  newAgreementKey,
  newSigningKey,
  unwrapEpoch,
  verificationKeyOf,
  WRAP_VERSION,
  type WrapParties,
  type WrappedEpoch,
  wrapEpoch,
} from "./epoch-wrap.ts";
export { FirstCopies } from "./first-copies.ts";
export { type FrameBody, parseFrameBody, type Rotation, writeFrameBody } from "./frame-body.ts";
export {
  type HostContext,
  type HostKey,
  type HostMessage,
  type HostSeats,
  hostFingerprint,
  isHostCommand,
  newHostKey,
  signHostCommand,
} from "./host-command.ts";
export {
  type HandOver,
  type HostClaim,
  type HostRole,
  type HostSigner,
  isHostClaim,
  isHostPath,
  MAX_HAND_OVERS,
  signHandOver,
  signHostClaim,
} from "./host-path.ts";
export { jpegOf } from "./jpeg-message.ts";
export { encodeKnock, parseKnock } from "./knock.ts";
export {
  formatMeetingLink,
  linkBrokers,
  type MeetingLink,
  newMeetingLink,
  newPassphraseLink,
  parseMeetingLink,
} from "./meeting-link.ts";
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
export { passphraseSecret, passphraseWeakness } from "./passphrase.ts";
export { ProtocolError } from "./protocol-error.ts";
export {
  encodeRequest,
  type LayerReport,
  MAX_REQUEST_BYTES,
  parseRequest,
  type Request,
  RequestSchema,
} from "./request.ts";
export {
  deriveRoom,
  invitationPassword,
  newPeer,
  openRoomPassword,
  type Peer,
  peerOf,
  type RoomAccess,
  roomNameToLevel,
  roomPassword,
  SECRET_BYTES,
  verifyInvitedPeer,
  verifyOpenRoomProof,
  verifyRoomProof,
} from "./room-keys.ts";
export {
  type ChatMessage,
  ChatMessageSchema,
  encodeRoomMessage,
  HOST_COMMANDS,
  type HostCommandName,
  MAX_MESSAGE_BYTES,
  MAX_POLL_OPTIONS,
  parseRoomMessage,
  REACTIONS,
  type ReactionKind,
  type RoomMessage,
  RoomMessageSchema,
} from "./room-message.ts";
export {
  type Invitation,
  PUBLISH_KINDS,
  type PublishKind,
  parseInvitation,
  parseRoomRights,
  type RoomRights,
} from "./room-rights.ts";
export type { EpochId } from "./schemas.ts";
export {
  type ClearHeader,
  frameMetadata,
  objectMetadata,
  PADDING_BYTES,
  padMessage,
  SIGNATURE_BYTES,
  signedMessage,
  streamMetadata,
  unpadMessage,
} from "./sealed-object.ts";
export {
  deriveBaseKey,
  deriveRootKey,
  deriveSecret,
  encodeText,
  epochFingerprint,
  joinBytes,
  KEY_BYTES,
  ratchetEpoch,
  SID_BYTES,
  sidOf,
} from "./secret-derivation.ts";
export {
  cleanFileName,
  FILE_PART_BYTES,
  filePartBytes,
  filePartCount,
  MAX_FILE_BYTES,
  MAX_PARTS_ASKED,
  type SharedFile,
} from "./shared-file.ts";
export {
  encodeState,
  MAX_STATE_BYTES,
  PARTICIPANT_KINDS,
  type ParticipantKind,
  parseState,
  type State,
  StateSchema,
} from "./state.ts";
export { splitTopicAddress, type TopicAddress } from "./topic-address.ts";
export { isTopicLevel, type PeerId, type TopicLevel, topicLevel } from "./topic-level.ts";
export { ALL_LEVEL, type RoomTopic, TOPIC_PREFIX, TopicScheme } from "./topic-scheme.ts";
