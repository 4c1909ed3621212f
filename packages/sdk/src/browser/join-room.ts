import { type JoinOptions, SdkError } from "@mqtt-meet/sdk";
import type { BrowserRoom } from "./browser-room.ts";

/** Joins the meeting of `link`. Throws `SdkError`. */
export async function joinRoom(_link: string, _options: JoinOptions): Promise<BrowserRoom> {
  throw new SdkError("unsupported", "Rooms are not there yet.");
}
