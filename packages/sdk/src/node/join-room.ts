import { type JoinOptions, SdkError } from "@mqtt-meet/sdk";
import type { NodeRoom } from "./node-room.ts";

/** Joins the meeting of `link`. Throws `SdkError`. */
export async function joinRoom(_link: string, _options: JoinOptions): Promise<NodeRoom> {
  throw new SdkError("unsupported", "Rooms are not there yet.");
}
