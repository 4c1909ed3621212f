import type { KeyCommand } from "../model/key-command.ts";
import type { LocalDevice } from "../room/local-device.ts";
import type { Meeting } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";
import { REACTIONS_ID } from "./reactions.tsx";

/** What keys and buttons do. */
export type MeetingCommands = Readonly<Record<KeyCommand, () => void>>;

/** The commands of one meeting. */
export function meetingCommands(
  meeting: Meeting,
  { visit, showKeys }: { visit: Visit; showKeys: () => void },
): MeetingCommands {
  const { rights } = meeting.room;
  const toggle = (isAllowed: boolean, device: LocalDevice) => {
    if (isAllowed && !meeting.door.refuses(device.kind)) void device.toggle().then(() => visit.deviceList.refresh());
  };
  return {
    microphone: () => toggle(rights.microphone, meeting.microphone),
    camera: () => toggle(rights.camera, meeting.camera),
    share: () => meeting.canShare && !meeting.door.refuses("screen") && meeting.screen.toggle(),
    react: () => document.getElementById(REACTIONS_ID)?.click(),
    hand: () => meeting.toggleHand(),
    view: () => meeting.stage.toggleView(),
    "next-page": () => meeting.stage.turnPage(1),
    "previous-page": () => meeting.stage.turnPage(-1),
    chat: () => meeting.togglePanel("chat"),
    people: () => meeting.togglePanel("people"),
    statistics: () => {
      meeting.showStatistics.value = !meeting.showStatistics.peek();
    },
    "full-screen": () => void toggleFullScreen(),
    keys: showKeys,
  };
}

async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // Not every browser and frame allows it; nothing is lost.
  }
}
