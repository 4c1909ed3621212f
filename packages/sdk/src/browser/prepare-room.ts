import { formatMeetingLink } from "@mqtt-meet/protocol";
import type { JoinOptions } from "@mqtt-meet/sdk";
import { readLink } from "../room-access.ts";
import type { BrowserRoom } from "./browser-room.ts";
import { enterRoom } from "./join-room.ts";
import { openRoomWorker } from "./open-room-worker.ts";
import type { ToWorker } from "./worker-messages.ts";

/** A room that somebody is about to join. */
export interface PreparedRoom {
  /** Joins it as {@link joinRoom} does, once with what was prepared; again with nothing. */
  join(options: JoinOptions): Promise<BrowserRoom>;
  /** Nobody joins. What was joined goes on. May be called twice. */
  close(): void;
}

/**
 * Does what joining the meeting of `link` needs and nobody in it sees, while somebody still looks at a lobby: the room's worker is
 * loaded, keys are made, the site is asked for its broker. Throws an SdkError "link-malformed"; whatever else is wrong is told
 * by joining.
 */
export function prepareRoom(link: string): PreparedRoom {
  const text = formatMeetingLink(readLink(link));
  let worker: Worker | undefined = openRoomWorker();
  const close = () => {
    worker?.terminate();
    worker = undefined;
  };
  // One that could not be loaded now may be when somebody joins.
  worker.onerror = (event) => {
    event.preventDefault();
    close();
  };
  worker.postMessage({ type: "prepare", link: text } satisfies ToWorker);
  const take = () => {
    const prepared = worker;
    worker = undefined;
    return prepared;
  };
  return { join: (options) => enterRoom(link, { ...options, openWorker: () => take() ?? openRoomWorker() }), close };
}
