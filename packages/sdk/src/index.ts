export {
  formatMeetingLink,
  type HostCommandName,
  type HostKey,
  linkBrokers,
  MAX_CHAT_CHARACTERS,
  MAX_FILE_BYTES,
  MAX_NAME_CHARACTERS,
  type MeetingLink,
  newHostKey,
  newMeetingLink,
  newPassphraseLink,
  type ParticipantKind,
  parseMeetingLink,
  passphraseWeakness,
  REACTIONS,
  type ReactionKind,
  type TrackSource,
  type VideoCodec,
} from "@mqtt-meet/protocol";
export type { ReadonlySignal } from "@preact/signals-core";
export {
  type CameraTopicFigures,
  type CameraTopicProblem,
  type CameraTopicState,
  NO_CAMERA_FIGURES,
} from "./camera-topics/camera-topic.ts";
export type { BrokerAccount } from "./camera-topics/read-camera-address.ts";
export { MUTED_KINDS, mutedKindOf } from "./door/muted-kinds.ts";
export type {
  DoorStanding,
  MutedKind,
  RoomDoorState,
  RoomOrder,
  RoomRules,
  WaitingPerson,
} from "./door/room-door-state.ts";
export type { HostAct, HostCommand, RoomHostState } from "./host.ts";
export type { LookInsideOptions, PersonInside } from "./look-inside.ts";
export type { CheckNetworkOptions, NetworkCheck } from "./network-check/check-network.ts";
export type { MediaForecast, NetworkFigures, NetworkForecast } from "./network-check/network-forecast.ts";
export type { ParticipantQuality, QualityLimit } from "./quality/participant-quality.ts";
export type { Reception } from "./reception.ts";
export { linkRights, type RoomRights } from "./rights.ts";
export type {
  Caption,
  ChatMessage,
  JoinOptions,
  LayerStatistics,
  LocalTrack,
  Participant,
  Poll,
  Reaction,
  RemoteTrack,
  Room,
  RoomConnection,
  RoomEncryptionState,
  RoomStatistics,
  SafetyNumber,
  TrackStatistics,
  VideoOptions,
} from "./room.ts";
export { SdkError, type SdkErrorCode } from "./sdk-error.ts";
