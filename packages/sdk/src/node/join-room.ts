import { epochNowMs, type MediaTap } from "@mqtt-meet/media";
import type { NodePicture } from "@mqtt-meet/media/node";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrls } from "@mqtt-meet/mqtt/node";
import { formatMeetingLink, type JoinOptions } from "@mqtt-meet/sdk";
import { enterRoom } from "../door/enter-room.ts";
import { hostSeat } from "../host.ts";
import { readLink, roomEntry } from "../room-access.ts";
import { RoomCore } from "../room-core.ts";
import type { OpenLink } from "../room-link.ts";
import { machineCodecs } from "./machine-codecs.ts";
import type { NodeRoom } from "./node-room.ts";
import { RoomInProcess } from "./room-in-process.ts";

/** How a program joins. */
export interface NodeJoinOptions extends JoinOptions {
  /** Is told of all packets that arrive, as they were sent. */
  readonly tap?: MediaTap | undefined;
}

/** Joins the meeting of `link`. Rejects with an SdkError, or the signal's reason. */
export async function joinRoom(link: string, options: NodeJoinOptions): Promise<NodeRoom> {
  const { name, kind = "person", passphrase, hostKey, tap, signal, onStanding } = options;
  signal?.throwIfAborted();
  const meeting = readLink(link);
  const host = hostSeat(meeting, hostKey);
  const entry = await roomEntry(meeting, { signal, passphrase });
  const { room, peer, username, password, brokerUrls, encryption, rights, door } = entry;
  const codecs = await machineCodecs();
  try {
    const { backend, encodable, decodes, error: codecError } = codecs;
    const dial = dialUrls(brokerUrls);
    const openLink: OpenLink = (options) => new Connection({ dial, username, password, now: epochNowMs, ...options });
    const open = (afterIncarnation: number | undefined) =>
      new RoomCore<NodePicture>({
        ...{ room, peer, encryption, rights, host, name, kind, backend, encodable, decodes, tap },
        ...{ openLink, enforced: door !== undefined, afterIncarnation, clone: (picture) => picture.clone() },
      });
    const core = await enterRoom({ entry, name, openLink, open, onStanding, signal, nowMs: epochNowMs });
    const onLeft = () => codecs.close();
    return new RoomInProcess({ name: meeting.name, link: formatMeetingLink(meeting), core, onLeft, codecError });
  } catch (error) {
    await codecs.close();
    throw error;
  }
}
