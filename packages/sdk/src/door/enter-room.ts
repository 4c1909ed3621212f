import type { RoomEntry } from "../room-access.ts";
import type { JoinAttempt } from "../room-core-options.ts";
import type { OpenLink } from "../room-link.ts";
import { DoorGuest } from "./door-guest.ts";
import { isDoorClosed } from "./door-refusal.ts";
import type { DoorStanding } from "./room-door-state.ts";

/** Who was let in and is refused nevertheless, again and again, is told so: nobody can wish that. */
const MAX_TURNS = 5;

/** What is opened to join: a room that is given up when it cannot be joined. */
export interface EnterableRoom {
  readonly attempt: JoinAttempt;
  joined(options: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/** How {@link enterRoom} goes in. */
export interface EnterRoomOptions<Core extends EnterableRoom> {
  readonly entry: Pick<RoomEntry, "room" | "peer" | "encryption" | "rights" | "door">;
  readonly name: string;
  readonly openLink: OpenLink;
  /** Connects at once. `afterIncarnation`: see {@link JoinAttempt}; undefined at first. */
  readonly open: (afterIncarnation: number | undefined) => Core;
  readonly onStanding: ((standing: DoorStanding) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly nowMs: () => number;
}

/**
 * Joins, as everywhere. In a token room that does not let us in now it waits at the door, and then joins. Rejects with an
 * SdkError, or the signal's reason.
 */
export async function enterRoom<Core extends EnterableRoom>(options: EnterRoomOptions<Core>): Promise<Core> {
  const { entry, open, signal } = options;
  const guest = guestOf(options);
  let afterIncarnation: number | undefined;
  for (let turn = 0; ; turn++) {
    if (turn > 0 || entry.door?.knocksFirst) await guest?.wait({ signal });
    const core = open(afterIncarnation);
    try {
      await core.joined({ signal });
      return core;
    } catch (error) {
      const { wasConnected, incarnation } = core.attempt;
      if (!guest || wasConnected || !isDoorClosed(error) || turn === MAX_TURNS) throw error;
      afterIncarnation = incarnation;
    }
  }
}

function guestOf<Core extends EnterableRoom>(options: EnterRoomOptions<Core>): DoorGuest | undefined {
  const { entry, name, openLink, onStanding = () => undefined, nowMs } = options;
  const { room, peer, encryption: keys, rights, door } = entry;
  if (door === undefined || keys === undefined) return undefined;
  return new DoorGuest({ room, peer, keys, name, expiresAtMs: rights.expiresAtMs, openLink, onStanding, nowMs });
}
