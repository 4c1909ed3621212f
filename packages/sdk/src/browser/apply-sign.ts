import type { RoomSigns } from "../room-signs.ts";
import type { SignMessage } from "./worker-messages.ts";

/** Shows what the window wants shown of us. */
export function applySign(signs: RoomSigns, message: SignMessage): void {
  switch (message.type) {
    case "set-name":
      signs.setName(message.name);
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
