/** What a host of a token room can forbid others to send. */
export type MutedKind = "microphone" | "camera" | "screen";

/** What a server enforces in a token room. */
export interface RoomRules {
  /** Nobody comes in who was not inside before, but hosts. */
  readonly locked: boolean;
  /** Who comes waits until a host lets them in. */
  readonly waitingRoom: boolean;
  /** What nobody may send who is no host. */
  readonly muted: readonly MutedKind[];
  /** What single peers may not send besides. */
  readonly mutedPeers: ReadonlyMap<string, readonly MutedKind[]>;
}

/** Somebody who waits to be let in. */
export interface WaitingPerson {
  readonly peer: string;
  readonly name: string;
  /** Milliseconds since the Unix epoch on our own clock. */
  readonly sinceMs: number;
}

/** What holds at the door of a room, and who stands before it. */
export interface RoomDoorState {
  /** A token room: its server enforces the rules. In all others there are none. */
  readonly enforced: boolean;
  readonly rules: RoomRules;
  /** What we may not send now; hosts may send everything. */
  readonly ownMuted: readonly MutedKind[];
  /** Told to hosts only; at most 100, in the order in which they came. */
  readonly waiting: readonly WaitingPerson[];
}

/** What a host of a token room orders; its server sees to it. */
export type RoomOrder =
  /** Nobody comes in any more who was not inside before. */
  | { readonly order: "lock"; readonly on: boolean }
  | { readonly order: "waiting-room"; readonly on: boolean }
  /** Lets in who waits. */
  | { readonly order: "admit"; readonly peer: string }
  /** Sends away who waits, who cannot come back with the same invitation. */
  | { readonly order: "turn-away"; readonly peer: string }
  /** From now on `peer`, or everybody who is no host, may not send these kinds, and may send the others. */
  | { readonly order: "mute"; readonly kinds: readonly MutedKind[]; readonly peer?: string };

/** Why somebody is not let in yet: a host has to, or the room is locked. */
export type DoorStanding = "waiting" | "locked";

/** Nothing is ordered. */
export const NO_RULES: RoomRules = { locked: false, waitingRoom: false, muted: [], mutedPeers: new Map() };

/** Of a room without a server that would enforce something. */
export const NO_DOOR: RoomDoorState = { enforced: false, rules: NO_RULES, ownMuted: [], waiting: [] };
