import { type JoinOptions, joinRoom, linkRights, type PreparedRoom, parseMeetingLink } from "@mqtt-meet/sdk/browser";
import { keptHostKey } from "../room/host-keys.ts";
import { Meeting, type MeetingOptions } from "../room/meeting.ts";

export { lookInside, prepareRoom } from "@mqtt-meet/sdk/browser";
export { MeetingView } from "./meeting-view.tsx";

/** Joins the meeting of `link` and begins to publish. Rejects with an SdkError, or the signal's reason. */
export async function enterMeeting(
  link: string,
  options: Omit<MeetingOptions, "room" | "ownName"> &
    Pick<JoinOptions, "name" | "onStanding"> & {
      readonly passphrase?: string | undefined;
      readonly signal: AbortSignal;
      /** The room of `link`, where it was prepared. */
      readonly prepared?: PreparedRoom | undefined;
    },
): Promise<Meeting> {
  const { name, passphrase, signal, onStanding, prepared, ...rest } = options;
  const words = passphrase === undefined ? {} : { passphrase };
  const waits = onStanding === undefined ? {} : { onStanding };
  const parsed = parseMeetingLink(link);
  const { microphone, camera, screen } = linkRights(parsed);
  // Who may send nothing takes no place among those who may.
  const kind = microphone || camera || screen ? "person" : "viewer";
  const join = { name, kind, ...words, ...waits, signal } as const;
  try {
    const hostKey = await keptHostKey(parsed.host);
    const host = hostKey === undefined ? {} : { hostKey };
    const room = await (prepared ?? { join: (given: JoinOptions) => joinRoom(link, given) }).join({ ...join, ...host });
    return new Meeting({ ...rest, ownName: name, room });
  } finally {
    prepared?.close();
  }
}
