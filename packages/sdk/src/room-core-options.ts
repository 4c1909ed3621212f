import type { CodecBackend, MediaTap, Picture } from "@mqtt-meet/media";
import type { ParticipantKind, PeerId, State, TopicLevel, VideoCodec } from "@mqtt-meet/protocol";
import type { EncryptionKeys } from "./e2ee/encryption-keys.ts";
import type { HostSeat } from "./host.ts";
import type { RoomRights } from "./rights.ts";
import type { OpenLink } from "./room-link.ts";

/** What an attempt to join leaves for the next one of the same peer. */
export interface JoinAttempt {
  /** The broker let us in. */
  readonly wasConnected: boolean;
  /** Of the last will that was sealed: no later one may have the same, or a smaller one (docs/protocol.md, E3, S5). */
  readonly incarnation: number;
}

/** What a platform and an application give a room. */
export interface RoomCoreOptions<P extends Picture> {
  readonly room: TopicLevel;
  readonly peer: PeerId;
  /** Left out or undefined in an open room: nothing is encrypted there. */
  readonly encryption?: EncryptionKeys | undefined;
  /** How often one key is used at the most; 2^31 when left out, as it is but in tests. */
  readonly maxCtr?: number | undefined;
  /** Left out: everything. */
  readonly rights?: RoomRights | undefined;
  /** Left out: nobody's commands are obeyed. Of encrypted rooms only. */
  readonly host?: HostSeat | undefined;
  /** A token room, whose server enforces what hosts order. False when left out. */
  readonly enforced?: boolean | undefined;
  /** Of an earlier attempt of the same peer: {@link JoinAttempt.incarnation}. */
  readonly afterIncarnation?: number | undefined;
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly backend: CodecBackend<P>;
  /** Best first. */
  readonly encodable: readonly VideoCodec[];
  readonly decodes: State["decodes"];
  readonly openLink: OpenLink;
  /**
   * Others' pictures are going to be watched: the connection for them is opened as soon as we are let in. False when left out:
   * with the first picture that is watched.
   */
  readonly expectsPictures?: boolean | undefined;
  /** Another reference to the same picture; undefined where there can be none. */
  readonly clone: (picture: P) => P | undefined;
  /** Is told of all packets that arrive. */
  readonly tap?: MediaTap | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}
