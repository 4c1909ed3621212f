import { every, type Picture } from "@mqtt-meet/media";
import type { PeerId } from "@mqtt-meet/protocol";
import type { ControlChannel } from "./control-channel.ts";
import type { Directory } from "./directory.ts";
import type { RoomDoor } from "./door/room-door.ts";
import type { RoomEncryption } from "./e2ee/room-encryption.ts";
import type { Presence } from "./presence.ts";
import type { RoomChat } from "./room-chat.ts";
import type { RoomLink } from "./room-link.ts";
import type { RoomListener } from "./room-listener.ts";
import type { RoomMedia } from "./room-media.ts";
import type { RoomMeter } from "./room-meter.ts";
import type { RoomSigns } from "./room-signs.ts";

/** Often enough for people to see who speaks, and for nobody to wait for a key longer than for its way. */
const OFTEN_MS = 100;
const STATISTICS_MS = 1_000;
/** Departures and missing messages need no better. */
const CHECK_MS = 250;

/** What a room looks after again and again. */
export interface RoomPulseOptions<P extends Picture> {
  readonly own: PeerId;
  readonly link: RoomLink;
  readonly control: ControlChannel;
  readonly directory: Directory;
  readonly presence: Presence;
  readonly chat: RoomChat;
  readonly signs: RoomSigns;
  readonly door: RoomDoor;
  readonly listener: RoomListener<P>;
  readonly media: RoomMedia<P>;
  readonly meter: RoomMeter;
  /** Undefined in an open room. */
  readonly encryption: RoomEncryption | undefined;
  readonly nowMs: () => number;
}

/** Lets a room notice that time has passed: who is silent, what was missed, how everybody comes. Until `signal` is aborted. */
export function startRoomPulse<P extends Picture>(
  options: RoomPulseOptions<P>,
  { signal }: { readonly signal: AbortSignal },
): void {
  every(CHECK_MS, () => check(options), { signal });
  every(STATISTICS_MS, () => measure(options), { signal });
  every(OFTEN_MS, () => lookOften(options), { signal });
  const stop = options.directory.participants.subscribe(() => options.chat.rename());
  signal.addEventListener("abort", stop, { once: true });
}

function check<P extends Picture>(options: RoomPulseOptions<P>): void {
  const { link, directory, chat, encryption, control, presence, door, nowMs } = options;
  if (link.state.status !== "connected") return;
  directory.expire(nowMs());
  chat.check((peer) => directory.isLive(peer));
  encryption?.check();
  control.retry();
  door.check();
  if (presence.isUnheard(nowMs())) link.renew();
}

function lookOften<P extends Picture>({ signs, listener, meter, media }: RoomPulseOptions<P>): void {
  signs.check();
  listener.updateKeys();
  meter.listen(media.levels());
}

function measure<P extends Picture>(options: RoomPulseOptions<P>): void {
  const { own, link, control, directory, media, meter, nowMs } = options;
  meter.measure(media.counts(), {
    ...{ own, participants: directory.participants.peek(), nowMs: nowMs() },
    downlinkQueueMs: media.downlinkQueueMs,
    roundTripMs: link.roundTripMs ?? null,
    malformedMessages: control.malformed,
  });
}
