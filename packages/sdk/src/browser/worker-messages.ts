import type { FrameSource, PictureConnection, SinkConnection, SoundSource } from "@mqtt-meet/media/browser";
import type {
  Caption,
  ChatMessage,
  DoorStanding,
  HostCommand,
  JoinOptions,
  Participant,
  Poll,
  Reaction,
  ReactionKind,
  Reception,
  RoomConnection,
  RoomDoorState,
  RoomEncryptionState,
  RoomHostState,
  RoomOrder,
  RoomRights,
  RoomStatistics,
  TrackSource,
  VideoCodec,
} from "@mqtt-meet/sdk";
import type { PictureView } from "../picture-view.ts";
import type { PlainError } from "./plain-error.ts";

/** A video track to publish, as it is posted. */
export interface PostedVideo {
  readonly source: TrackSource;
  readonly codec: VideoCodec | undefined;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
  readonly bitrateBps: number | undefined;
  readonly simulcast: boolean;
  readonly content: "detail" | "motion" | undefined;
  readonly frames: FrameSource;
}

/** A sound track to publish, as it is posted. */
export interface PostedAudio {
  readonly source: TrackSource;
  readonly channels: 1 | 2;
  readonly bitrateBps: number | undefined;
  readonly sound: SoundSource;
}

/** What the window asks of the worker and waits for. */
export interface Calls {
  readonly join: {
    readonly options: Omit<JoinOptions, "signal" | "onStanding"> & { readonly link: string };
    readonly result: { readonly peer: string; readonly rights: RoomRights; readonly abilities: WorkerAbilities };
  };
  readonly sendMessage: { readonly options: { readonly text: string }; readonly result: undefined };
  readonly ask: {
    readonly options: { readonly question: string; readonly answers: readonly string[] };
    readonly result: undefined;
  };
  readonly vote: { readonly options: { readonly poll: string; readonly choice: number }; readonly result: undefined };
  readonly closePoll: { readonly options: { readonly poll: string }; readonly result: undefined };
  readonly sendFile: { readonly options: { readonly file: Blob; readonly name: string }; readonly result: undefined };
  readonly fetchFile: { readonly options: { readonly message: string }; readonly result: Blob };
  readonly remove: { readonly options: { readonly peer: string }; readonly result: undefined };
  readonly command: { readonly options: { readonly order: HostCommand }; readonly result: undefined };
  readonly enforce: { readonly options: { readonly order: RoomOrder }; readonly result: undefined };
  readonly publishVideo: { readonly options: PostedVideo; readonly result: { readonly id: string } };
  readonly publishAudio: { readonly options: PostedAudio; readonly result: { readonly id: string } };
  readonly unpublish: { readonly options: { readonly id: string }; readonly result: undefined };
  /** Ends the worker's work; it may be called while joining. */
  readonly leave: { readonly options: Record<string, never>; readonly result: undefined };
}

/** What a worker of this browser can do with tracks. */
export interface WorkerAbilities {
  readonly readsTracks: boolean;
  readonly makesTracks: boolean;
}

/** One of {@link Calls}. */
export type Call = {
  [Name in keyof Calls]: { readonly name: Name; readonly options: Calls[Name]["options"] };
}[keyof Calls];

/** What shows of us. */
export type SignMessage =
  | { readonly type: "set-name"; readonly name: string }
  | { readonly type: "set-hand"; readonly raised: boolean }
  | { readonly type: "set-recording"; readonly recording: boolean }
  | { readonly type: "react"; readonly kind: ReactionKind }
  | { readonly type: "want-captions"; readonly wanted: boolean }
  | { readonly type: "caption"; readonly number: number; readonly text: string };

/** From the window to the worker. */
export type ToWorker =
  /** This room is going to be joined: what nobody in it sees of that is done now. */
  | { readonly type: "prepare"; readonly link: string }
  | { readonly type: "call"; readonly id: number; readonly call: Call }
  /** Nobody waits for this file any more. */
  | { readonly type: "drop-file"; readonly message: string }
  | { readonly type: "reconnect-now" }
  | { readonly type: "set-reception"; readonly reception: Reception }
  | SignMessage
  | { readonly type: "set-muted"; readonly id: string; readonly muted: boolean }
  | { readonly type: "replace-video"; readonly id: string; readonly frames: FrameSource }
  | { readonly type: "replace-audio"; readonly id: string; readonly sound: SoundSource }
  /** Until something is read in its place. */
  | { readonly type: "stop-reading"; readonly id: string }
  /** Shows a track on an output, which comes with its connection the first time. */
  | {
      readonly type: "show";
      readonly output: number;
      readonly key: string;
      readonly connection: PictureConnection | undefined;
      readonly view: PictureView;
    }
  /** What the output shows is seen elsewhere, or not at all. */
  | { readonly type: "view"; readonly output: number; readonly view: PictureView }
  /** The output shows nothing; when closed, it never comes back. */
  | { readonly type: "hide"; readonly output: number; readonly close: boolean }
  /** Without a connection, the track is played in the place of one that is silent. */
  | {
      readonly type: "play";
      readonly key: string;
      readonly channels: 1 | 2;
      readonly connection: SinkConnection | undefined;
    }
  | { readonly type: "silence"; readonly key: string };

/** The connection's state as it is posted. */
export type PlainConnection =
  | Exclude<RoomConnection, { readonly status: "waiting" | "closed" }>
  | { readonly status: "waiting"; readonly retryAtMs: number; readonly error: PlainError }
  | { readonly status: "closed"; readonly error: PlainError | undefined };

/** What the window mirrors. */
export interface Mirrored {
  readonly connection: PlainConnection;
  readonly participants: readonly Participant[];
  readonly messages: readonly ChatMessage[];
  readonly statistics: RoomStatistics;
  readonly levels: ReadonlyMap<string, number>;
  readonly encryption: RoomEncryptionState;
  readonly reactions: readonly Reaction[];
  readonly captions: readonly Caption[];
  readonly polls: readonly Poll[];
  readonly downloads: ReadonlyMap<string, number>;
  readonly host: RoomHostState;
  readonly door: RoomDoorState;
}

/** From the worker to the window. */
export type FromWorker =
  | { readonly type: "answer"; readonly id: number; readonly result: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly error: PlainError }
  | { readonly type: "changed"; readonly change: Partial<Mirrored> }
  /** The sound track `to` is played where `from` was. */
  | { readonly type: "moved"; readonly from: string; readonly to: string }
  /** Joining waits at the door. */
  | { readonly type: "standing"; readonly standing: DoorStanding }
  /** A track of ours is over: its source, or every encoder, failed. */
  | { readonly type: "ended"; readonly id: string };
