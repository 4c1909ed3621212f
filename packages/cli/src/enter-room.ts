import { joinRoom, type NodeJoinOptions, type NodeRoom } from "@mqtt-meet/sdk/node";
import type { CommandIo } from "./command-io.ts";
import type { InputLines } from "./input-lines.ts";
import { readPassphrase } from "./read-passphrase.ts";
import type { RoomTarget } from "./target.ts";

/** What a command in a meeting has of its process. */
export interface RoomIo extends CommandIo {
  /** What was not read yet of {@link CommandIo.stdin}. */
  readonly lines: InputLines;
}

/** Joins the meeting of `target`, and asks for its passphrase where it has one. */
export async function enterRoom(
  target: RoomTarget,
  who: Pick<NodeJoinOptions, "name" | "kind" | "tap">,
  io: RoomIo,
): Promise<NodeRoom> {
  const words = target.needsPassphrase ? { passphrase: await readPassphrase(io, io) } : {};
  return joinRoom(target.link, { ...who, ...words, signal: io.signal });
}
