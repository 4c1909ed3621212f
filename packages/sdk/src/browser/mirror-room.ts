import type { BrowserPicture } from "@mqtt-meet/media/browser";
import type { RoomCore } from "../room-core.ts";
import { plainConnection } from "./plain-connection.ts";
import type { Mirrored } from "./worker-messages.ts";

/** Tells each signal of a room that the window mirrors: once now, and whenever it changes. */
export function mirrorRoom(core: RoomCore<BrowserPicture>, tell: (change: Partial<Mirrored>) => void): void {
  core.connection.subscribe((value) => tell({ connection: plainConnection(value) }));
  core.participants.subscribe((participants) => tell({ participants }));
  core.messages.subscribe((messages) => tell({ messages }));
  core.statistics.subscribe((statistics) => tell({ statistics }));
  core.levels.subscribe((levels) => tell({ levels }));
  core.signs.reactions.subscribe((reactions) => tell({ reactions }));
  core.signs.captions.captions.subscribe((captions) => tell({ captions }));
  core.polls.polls.subscribe((polls) => tell({ polls }));
  core.files.progress.subscribe((downloads) => tell({ downloads }));
  core.host.state.subscribe((host) => tell({ host }));
  core.door.state.subscribe((door) => tell({ door }));
  core.encryption.subscribe((encryption) => tell({ encryption }));
}
