import { cleanName } from "@mqtt-meet/protocol";
import { formatMeetingLink, type JoinOptions, SdkError } from "@mqtt-meet/sdk";
import { hostSeat } from "../host.ts";
import { readLink } from "../room-access.ts";
import type { BrowserRoom } from "./browser-room.ts";
import { openRoomWorker } from "./open-room-worker.ts";
import { WindowRoom } from "./window-room.ts";

/** Joins the meeting of `link`. Rejects with an SdkError, or the signal's reason. */
export function joinRoom(link: string, options: JoinOptions): Promise<BrowserRoom> {
  return enterRoom(link, { ...options, openWorker: openRoomWorker });
}

/** As {@link joinRoom}, in a worker that the caller has. */
export async function enterRoom(
  link: string,
  options: JoinOptions & { readonly openWorker: () => Worker },
): Promise<BrowserRoom> {
  const { name, kind = "person", passphrase, hostKey, signal, onStanding, openWorker } = options;
  signal?.throwIfAborted();
  const meeting = readLink(link);
  if (cleanName(name) === "") throw new TypeError("A name has at least one visible character.");
  hostSeat(meeting, hostKey);
  checkBrowser();
  const room = new WindowRoom(openWorker(), { name: meeting.name, link: formatMeetingLink(meeting) });
  const given = { ...(passphrase === undefined ? {} : { passphrase }), ...(hostKey === undefined ? {} : { hostKey }) };
  await room.join({ name, kind, ...given }, { ...(signal && { signal }), ...(onStanding && { onStanding }) });
  return room;
}

/** Throws an SdkError "unsupported" that says what to do. */
function checkBrowser(): void {
  if (!isSecureContext) {
    throw new SdkError("unsupported", "Meetings need a secure page: open the link with https://, or on localhost.");
  }
  const needed = ["Worker", "WebSocket", "AudioContext", "OffscreenCanvas", "createImageBitmap"];
  if (needed.every((name) => Reflect.has(globalThis, name))) return;
  throw new SdkError("unsupported", "This browser is too old for meetings: please update it.");
}
