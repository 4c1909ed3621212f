export type {
  ChatMessage,
  JoinOptions,
  LocalTrack,
  Participant,
  ParticipantKind,
  RemoteTrack,
  Room,
  RoomConnection,
  RoomStatistics,
  TrackSource,
  TrackStatistics,
  VideoOptions,
} from "./room.ts";
export { SdkError, type SdkErrorCode } from "./sdk-error.ts";
