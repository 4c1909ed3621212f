import { type DoorStanding, joinRoom, type NodeJoinOptions, type NodeRoom } from "@mqtt-meet/sdk/node";
import type { CommandIo } from "./command-io.ts";
import type { InputLines } from "./input-lines.ts";
import { readPassphrase } from "./read-passphrase.ts";
import type { Reporter } from "./reporter.ts";
import type { Ending } from "./run-until.ts";
import type { RoomTarget } from "./target.ts";

/** What a command in a meeting has of its process. */
export interface RoomIo extends CommandIo {
  /** What was not read yet of {@link CommandIo.stdin}. */
  readonly lines: InputLines;
}

/** Who comes, and what tells of it. */
export interface RoomVisit extends Pick<NodeJoinOptions, "name" | "kind" | "tap"> {
  readonly reporter: Reporter;
  readonly ending: Ending;
}

const WAITING: Readonly<Record<DoorStanding, string>> = {
  waiting: "A host has to let you in: waiting. Ctrl-C gives up.",
  locked: "The meeting is locked: waiting until a host opens it. Ctrl-C gives up.",
};

/**
 * Joins the meeting of `target`, asks for its passphrase where it has one, and tells while a host has to let us in. Undefined when
 * the command has ended before that.
 */
export async function enterRoom(target: RoomTarget, visit: RoomVisit, io: RoomIo): Promise<NodeRoom | undefined> {
  const { reporter, ending, ...who } = visit;
  const words = target.needsPassphrase ? { passphrase: await readPassphrase(io, io) } : {};
  const { signal } = ending;
  let waited = false;
  const onStanding = (standing: DoorStanding) => {
    waited = true;
    reporter.notice(WAITING[standing], { standing });
  };
  try {
    const room = await joinRoom(target.link, { ...who, ...words, signal, onStanding });
    if (waited) reporter.notice("A host has let you in.", { standing: "in" });
    return room;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    throw error;
  }
}
