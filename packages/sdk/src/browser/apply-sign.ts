import type { BrowserPicture } from "@mqtt-meet/media/browser";
import type { RoomCore } from "../room-core.ts";
import type { SignMessage } from "./worker-messages.ts";

/** Does to `room` what the window wants shown of us. */
export function applySign(room: RoomCore<BrowserPicture>, message: SignMessage): void {
  const { signs } = room;
  switch (message.type) {
    case "set-name":
      room.setName(message.name);
      break;
    case "set-recording":
      signs.setRecording(message.recording);
      break;
    case "set-hand":
      signs.setHand(message.raised);
      break;
    case "react":
      signs.react(message.kind);
      break;
    case "want-captions":
      signs.captions.setWanted(message.wanted);
      break;
    case "caption":
      signs.captions.say(message);
      break;
  }
}
