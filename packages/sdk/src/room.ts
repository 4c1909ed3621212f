import type { HostKey, ParticipantKind, ReactionKind, TrackSource, VideoCodec } from "@mqtt-meet/protocol";
import type { ReadonlySignal } from "@preact/signals-core";
import type { DoorStanding, RoomDoorState, RoomOrder } from "./door/room-door-state.ts";
import type { HostCommand, RoomHostState } from "./host.ts";
import type { ParticipantQuality } from "./quality/participant-quality.ts";
import type { Reception } from "./reception.ts";
import type { RoomRights } from "./rights.ts";
import type { Caption, ChatMessage, Poll, Reaction } from "./room-words.ts";
import type { SdkError } from "./sdk-error.ts";

export type { Caption, ChatMessage, Poll, Reaction } from "./room-words.ts";

/** How to join. */
export interface JoinOptions {
  /** What the others see; 1 to 64 characters. */
  readonly name: string;
  /** "person" when left out. */
  readonly kind?: ParticipantKind;
  /** The words that open a room whose link ends with `#p`; never stored, sent or shown. Other links need none. */
  readonly passphrase?: string;
  /** Of the host that the link names: whoever made the key with the link has it, and nobody else. */
  readonly hostKey?: HostKey;
  /** Ends the joining; has no effect on a room that was joined. */
  readonly signal?: AbortSignal;
  /**
   * Called while joining waits at the door of a token room, and whenever the reason changes. Joining goes on by itself when a
   * host lets us in or opens the room; it rejects with an SdkError "removed" when a host does not want us.
   */
  readonly onStanding?: (standing: DoorStanding) => void;
}

/** The connection to the room's broker. The room re-connects by itself until it is "closed". */
export type RoomConnection =
  | { readonly status: "connecting"; readonly attempt: number }
  | { readonly status: "connected" }
  /** `retryAtMs`: milliseconds since the Unix epoch. */
  | { readonly status: "waiting"; readonly retryAtMs: number; readonly error: Error }
  | { readonly status: "closed"; readonly error?: SdkError };

/** One camera, screen or microphone of somebody else. */
export interface RemoteTrack {
  /** `peer/id`: names the track in the whole room. */
  readonly key: string;
  readonly peer: string;
  readonly id: string;
  readonly kind: "audio" | "video";
  readonly source: TrackSource;
  readonly muted: boolean;
  /** The WebCodecs codec string, or `jpeg`. */
  readonly codec: string;
  /** 0 for pictures. */
  readonly channels: number;
  /** 0 for sound, like the height and the frame rate. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
}

/** Somebody else in the room: a snapshot. */
export interface Participant {
  readonly peer: string;
  readonly name: string;
  readonly kind: ParticipantKind;
  /** Milliseconds since the Unix epoch, on the participant's clock. */
  readonly joinedAtMs: number;
  /** "reconnecting": its connection was lost and it may come back. */
  readonly status: "live" | "reconnecting";
  /** Since when the hand is up, in milliseconds since the Unix epoch on the participant's clock; undefined while it is down. */
  readonly handAtMs: number | undefined;
  /** It keeps what it sees and hears in a file, and says so. */
  readonly recording: boolean;
  /** It reads captions: what is said aloud should be sent as text, too, by whoever can. */
  readonly wantsCaptions: boolean;
  readonly tracks: readonly RemoteTrack[];
}

/** One size of an outgoing track. */
export interface LayerStatistics {
  /** From 0, the smallest. */
  readonly layer: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Somebody watches it, and it is encoded for them. */
  readonly active: boolean;
  /** Since the beginning: what the encoder has made. */
  readonly framesEncoded: number;
  readonly framesSent: number;
}

/** One second of one track, and what was counted since it began. */
export interface TrackStatistics {
  readonly direction: "in" | "out";
  readonly kind: "audio" | "video";
  /** Frames shown (in) or sent (out) in the last second. */
  readonly fps: number;
  /** Payload received or sent in the last second. */
  readonly kbps: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Since the beginning: frames shown (in) or sent (out). */
  readonly frames: number;
  /** Since the beginning: frames that arrived or were captured and not shown or sent. */
  readonly dropped: number;
  readonly freezes: number;
  /** From capture to display, with the clock difference to the sender taken out. Null while unknown and for "out". */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  /** How long frames wait to be played evenly. */
  readonly jitterDelayMs: number;
  readonly codec: string;
  /**
   * What keeps an outgoing track from being better, or incoming pictures from being as large as they are shown: the encoders or
   * decoders of this machine, or our connection. "louder-voices": incoming sound is not received, because in a room of more than 12 only the
   * three who speak loudest are.
   */
  readonly limitedBy?: "encoder" | "decoder" | "bandwidth" | "unwatched" | "louder-voices";
  /** The same in the words of webrtc-stats; for outgoing pictures only. */
  readonly qualityLimitationReason?: "none" | "cpu" | "bandwidth";
  /** Of outgoing pictures: each size by itself, the smallest first. Left out for those of one size. */
  readonly layers?: readonly LayerStatistics[];
  /** Of incoming pictures: which of the sizes is shown; 0 is the smallest. */
  readonly layer?: number;
  /** Counters since the beginning under their W3C names (webrtc-stats). */
  readonly counters: Readonly<Record<string, number>>;
}

/** Measured once a second. */
export interface RoomStatistics {
  /** By `peer/track`; own tracks included. */
  readonly tracks: ReadonlyMap<string, TrackStatistics>;
  /**
   * By peer, over the last ten seconds: how everybody whose tracks we receive comes through to us, and, under our own peer, how our
   * pictures come through as far as it depends on us. Nobody stands here of whom nothing is known.
   */
  readonly quality: ReadonlyMap<string, ParticipantQuality>;
  /** To the broker and back; null while unknown. */
  readonly roundTripMs: number | null;
  /** Messages that were dropped because they could not be understood. */
  readonly malformedMessages: number;
}

/** One camera, screen, microphone or file of our own. */
export interface LocalTrack {
  /** `peer/id`, as in {@link RoomStatistics}. */
  readonly key: string;
  readonly id: string;
  readonly kind: "audio" | "video";
  readonly source: TrackSource;
  readonly muted: ReadonlySignal<boolean>;
  /** The source is over (unplugged, stopped by the system, end of file). */
  readonly ended: ReadonlySignal<boolean>;
  /** Throws an SdkError "muted-by-host" when a host does not let us send this any more ({@link RoomDoorState.ownMuted}). */
  setMuted(muted: boolean): void;
  unpublish(): Promise<void>;
}

/** How pictures are published. */
export interface VideoOptions {
  readonly source: TrackSource;
  /** Left out: the best that everybody present decodes. */
  readonly codec?: VideoCodec;
  readonly bitrateBps?: number;
  readonly frameRate?: number;
  /** Larger pictures are scaled down. */
  readonly maxHeightPx?: number;
  /**
   * Whether smaller sizes are offered beside the whole one, each encoded while somebody watches it. Left out: of a camera
   * in a browser they are, of anything else not.
   */
  readonly simulcast?: boolean;
  /**
   * What is looked at: "detail" keeps text sharp, and gives frames away first; "motion" keeps movement smooth, and gives size away
   * first. Left out: "detail" for a screen, "motion" for anything else.
   */
  readonly content?: "detail" | "motion";
}

/** What people compare, by voice or side by side, to know that nobody stands between them. */
export interface SafetyNumber {
  /** 30 digits in groups of five. */
  readonly digits: string;
  /** Six emoji that say the same in short. */
  readonly emoji: readonly string[];
}

/** Whether a room is encrypted, as it is enforced. */
export interface RoomEncryptionState {
  /** False in an open room only. When true, nothing that is not encrypted is sent, shown or played. */
  readonly encrypted: boolean;
  /** Whether there are keys to speak with: not before somebody else is there. */
  readonly ready: boolean;
  /** The same for everybody who sees the same participants; undefined while there are no keys. */
  readonly safetyNumber: SafetyNumber | undefined;
  /** The tracks (`peer/track`) that are not shown or played, and why. */
  readonly troubles: ReadonlyMap<string, "cannot-decrypt" | "not-encrypted">;
}

/** A meeting that was joined. State is in signals; nothing runs after {@link Room.leave}. */
export interface Room extends AsyncDisposable {
  readonly name: string;
  /** What to send to others to invite them. */
  readonly link: string;
  /** Our own id in the room. */
  readonly peer: string;
  /** The same for as long as we are in. */
  readonly rights: RoomRights;
  readonly connection: ReadonlySignal<RoomConnection>;
  /** The others, in the order of joining. */
  readonly participants: ReadonlySignal<readonly Participant[]>;
  readonly localTracks: ReadonlySignal<readonly LocalTrack[]>;
  readonly messages: ReadonlySignal<readonly ChatMessage[]>;
  /** Once a second. */
  readonly statistics: ReadonlySignal<RoomStatistics>;
  /** How loud everybody is, 0 to 1, by peer; about ten times a second, ourselves included. */
  readonly levels: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly encryption: ReadonlySignal<RoomEncryptionState>;
  /** Those of the last four seconds, ours included, oldest first. */
  readonly reactions: ReadonlySignal<readonly Reaction[]>;
  /** What the others say, of the last six seconds; at most four, one of each. */
  readonly captions: ReadonlySignal<readonly Caption[]>;
  /** In the order of asking. */
  readonly polls: ReadonlySignal<readonly Poll[]>;
  /** Who leads the meeting where no server enforces it, and what was asked. */
  readonly host: ReadonlySignal<RoomHostState>;
  /** What is enforced in a token room, and who waits to be let in. */
  readonly door: ReadonlySignal<RoomDoorState>;
  /** Asks everybody; 2 to 10 different answers. Resolves when the broker has it, like all of a poll. */
  ask(question: string, answers: readonly string[]): Promise<void>;
  /** Votes, or changes our vote. */
  vote(poll: string, choice: number): Promise<void>;
  /** Ends a poll of our own. */
  closePoll(poll: string): Promise<void>;
  /** Resolves when the broker has it; the room keeps it and sends it again where it was missed. */
  sendMessage(text: string): Promise<void>;
  /**
   * Offers a file of at most {@link MAX_FILE_BYTES} to everybody, as a message of the chat. It is given to whoever asks for as
   * long as we are in the room. Resolves when the broker has the message; rejects with an SdkError.
   */
  sendFile(file: Blob, options: { readonly name: string }): Promise<void>;
  /** How many bytes there are of the files that are being fetched, by the id of their message. */
  readonly downloads: ReadonlySignal<ReadonlyMap<string, number>>;
  /**
   * Fetches the file of a message from its sender. It is a stranger's: the type is always that of bytes. Rejects with an
   * SdkError, or the signal's reason.
   */
  fetchFile(message: string, options?: { readonly signal?: AbortSignal }): Promise<Blob>;
  setName(name: string): void;
  /** Raises our hand, or takes it down. */
  setHand(raised: boolean): void;
  /** Tells everybody that we keep what we see and hear, or no longer. */
  setRecording(recording: boolean): void;
  /** What is let in of the others' pictures from now on; "automatic" at first. Nobody else gets less for it. */
  setReception(reception: Reception): void;
  /** Tells everybody that we read captions, or no longer. */
  setCaptionsWanted(wanted: boolean): void;
  /** Sends what we say as text, as far as it is understood; later words of the same number take its place. At most twice a second. */
  sendCaption(caption: { readonly number: number; readonly text: string }): void;
  /** Shows it to everybody for a moment; more than six of ours at once are not sent. */
  react(kind: ReactionKind): void;
  /**
   * Ends the stay of `peer`, which cannot come back with what it came with. Of hosts of token rooms only. Resolves when the
   * broker has it; rejects with an SdkError.
   */
  remove(peer: string): Promise<void>;
  /**
   * Asks the others' programs, as the host, for something that they do by choice. Resolves when the broker has it; rejects with
   * an SdkError, "not-authorized" of who is not the host.
   */
  command(order: HostCommand): Promise<void>;
  /**
   * Orders something that the server enforces. Of hosts of token rooms only. Resolves when the broker has it, and {@link door} says
   * what came of it; rejects with an SdkError, "not-authorized" of who is none.
   */
  enforce(order: RoomOrder): Promise<void>;
  /** Tries now to connect again, without the rest of the wait, while the connection is "waiting". */
  reconnectNow(): void;
  /** Tells the others, closes everything. May be called twice. */
  leave(): Promise<void>;
}
