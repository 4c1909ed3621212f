import { type PeerId, TopicScheme, topicLevel, type VideoCodec } from "@mqtt-meet/protocol";
import type { EncryptionKeys } from "../e2ee/encryption-keys.ts";
import type { HostSeat } from "../host.ts";
import type { RoomRights } from "../rights.ts";
import { RoomCore } from "../room-core.ts";
import { type FakePicture, fakeBackend } from "./fake-backend.ts";
import type { FakeBroker } from "./fake-broker.ts";

/** A room of fake pictures. */
export type FakeRoom = RoomCore<FakePicture>;

const room = topicLevel("room");

/** The topics of {@link openFakeRoom}. */
export const fakeScheme = new TopicScheme(room);

/** A participant on `broker` whose peer is its name in small letters, and whose clock is that of the timers. */
export function openFakeRoom(
  broker: FakeBroker,
  name: string,
  options: {
    readonly codecs?: readonly VideoCodec[];
    readonly clone?: (picture: FakePicture) => FakePicture;
    readonly host?: HostSeat | undefined;
    readonly rights?: RoomRights;
    /** A token room. */
    readonly enforced?: boolean;
    readonly afterIncarnation?: number | undefined;
    /** Encoded pictures are as large as their bitrate says. */
    readonly sized?: boolean;
    /** Every second encoded picture is needed by no other. */
    readonly layered?: boolean;
    /** This machine decodes no more. */
    readonly decodedBps?: number;
    /** The connection for pictures is there before the first one. */
    readonly expectsPictures?: boolean;
    /** The peer and the keys of an encrypted room. */
    readonly encrypted?: { readonly peer: PeerId; readonly keys: EncryptionKeys; readonly maxCtr?: number | undefined };
  } = {},
): FakeRoom {
  const { codecs = ["vp8"], clone = () => undefined, encrypted, host, sized = false, layered = false } = options;
  const { decodedBps = Number.POSITIVE_INFINITY, expectsPictures } = options;
  const { rights, enforced, afterIncarnation } = options;
  return new RoomCore({
    room,
    peer: encrypted?.peer ?? topicLevel(name.toLowerCase()),
    encryption: encrypted?.keys,
    maxCtr: encrypted?.maxCtr,
    ...{ rights, enforced, afterIncarnation },
    host,
    name,
    kind: "person",
    backend: fakeBackend(codecs, { sized, layered, decodedBps }),
    encodable: codecs,
    decodes: { video: codecs, audio: ["opus"] },
    openLink: broker.open,
    expectsPictures,
    clone,
    nowMs: () => Date.now(),
    random: () => 0,
  });
}
