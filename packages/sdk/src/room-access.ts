import {
  deriveRoom,
  invitationPassword,
  type MeetingLink,
  newPeer,
  openRoomPassword,
  type Peer,
  type PeerId,
  ProtocolError,
  parseMeetingLink,
  passphraseSecret,
  passphraseWeakness,
  roomNameToLevel,
  roomPassword,
  type TopicLevel,
} from "@mqtt-meet/protocol";
import { type EncryptionKeys, newEncryptionKeys } from "./e2ee/encryption-keys.ts";
import { ALL_RIGHTS, type RoomRights, readInvitation, rightsOf } from "./rights.ts";
import { SdkError } from "./sdk-error.ts";
import { type SiteBroker, siteBroker } from "./site-broker.ts";

/** Who we are for one stay in a room, and what opens its broker. */
export interface RoomAccess {
  readonly room: TopicLevel;
  readonly peer: PeerId;
  readonly username: string;
  readonly password: string | undefined;
  /** Undefined in an open room, the only kind without encryption. */
  readonly encryption: EncryptionKeys | undefined;
  /** Everything, unless an invitation says otherwise. */
  readonly rights: RoomRights;
  /** Of a token room, before which people may have to wait; undefined of all others. */
  readonly door: RoomEntrance | undefined;
}

/** How a token room is entered. */
export interface RoomEntrance {
  /** The invitation says that its holder is let in by a host. Others are let in at once, unless the server wants them to wait, too. */
  readonly knocksFirst: boolean;
}

/** What opens a room besides its link. */
export interface RoomAccessOptions {
  readonly passphrase?: string | undefined;
}

/** How {@link roomEntry} finds a way. */
export interface RoomEntryOptions extends RoomAccessOptions {
  readonly signal?: AbortSignal | undefined;
  /** From 0 up to 1, without 1: which of several addresses is the first. */
  readonly random?: () => number;
}

/** A way into a room: who we are there, and its broker's addresses in the order in which we take them. */
export interface RoomEntry extends RoomAccess {
  readonly brokerUrls: readonly [string, ...string[]];
}

/**
 * Makes a new participant for the room of `link` and finds its broker: the link names it, or the site. Rejects with an
 * SdkError, or the signal's reason.
 */
export async function roomEntry(link: MeetingLink, options: RoomEntryOptions = {}): Promise<RoomEntry> {
  const found: SiteBroker | Promise<SiteBroker> =
    link.brokers === undefined ? siteBroker(link.site, options) : { urls: link.brokers };
  const [access, site] = await Promise.all([roomAccess(link, options), found]);
  const { urls, username, password } = site;
  if (access.encryption === undefined && link.brokers === undefined && !site.openRooms) throw noOpenRooms();
  // A broker with accounts of its own knows nothing of rooms.
  return { ...access, ...(username === undefined ? {} : { username, password }), brokerUrls: turned(urls, options) };
}

/** Begins anywhere, so that the nodes of a cluster have about as many participants each. */
function turned(
  urls: readonly [string, ...string[]],
  { random = Math.random }: { readonly random?: () => number },
): readonly [string, ...string[]] {
  const start = Math.floor(random() * urls.length);
  const [first = urls[0], ...others] = [...urls.slice(start), ...urls.slice(0, start)];
  return [first, ...others];
}

/** Most often a link that was cut off. Whoever serves the site decides whether anything is said there in the clear (L5). */
function noOpenRooms(): SdkError {
  const sentence =
    "This site has no rooms without encryption: the meeting link is cut off, its end from the # on is missing.";
  return new SdkError("not-authorized", sentence);
}

/** Reads a meeting link; throws an SdkError "link-malformed". */
export function readLink(text: string): MeetingLink {
  try {
    return parseMeetingLink(text);
  } catch (error) {
    throw translate(error);
  }
}

/** A new participant of the room of `link`. Rejects with an SdkError. */
export async function roomAccess(link: MeetingLink, options: RoomAccessOptions = {}): Promise<RoomAccess> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new SdkError("unsupported", "Meetings need a secure page: open the link with https://, or on localhost.");
  }
  try {
    const { peer, peerSecret } = await newPeer();
    const secret = await secretOf(link, options);
    if (link.invitation !== undefined && secret !== undefined) {
      return await invitedAccess(link.invitation, { secret, self: { peer, peerSecret } });
    }
    if (secret === undefined) {
      const room = roomNameToLevel(link.name);
      // An open room asks for no proof of the room; the peer's own still keeps others from taking it over.
      return {
        room,
        peer,
        username: room,
        password: openRoomPassword(peerSecret),
        encryption: undefined,
        rights: ALL_RIGHTS,
        door: undefined,
      };
    }
    const [{ room, authToken }, encryption] = await Promise.all([deriveRoom(secret), keysOf(secret)]);
    return {
      room,
      peer,
      username: room,
      password: roomPassword(authToken, peerSecret),
      encryption,
      rights: ALL_RIGHTS,
      door: undefined,
    };
  } catch (error) {
    throw translate(error);
  }
}

/** The room of an invitation, whose rights the server checks (K11). Rejects with an SdkError where it is of no use. */
async function invitedAccess(
  text: string,
  { secret, self }: { readonly secret: Uint8Array; readonly self: Peer },
): Promise<RoomAccess> {
  const invitation = readInvitation(text);
  if (!invitation) throw new SdkError("link-malformed", "The invitation in the meeting link is damaged.");
  const { room } = invitation;
  // Nobody answers who cannot say hello, and nothing can be encrypted for it.
  if (!invitation.publish.includes("c")) {
    throw new SdkError("not-authorized", "The invitation does not let you say anything to the others.");
  }
  const [encryption, rights] = [await keysOf(secret), rightsOf(invitation)];
  const password = invitationPassword(text, self.peerSecret);
  const door = { knocksFirst: invitation.wait && !invitation.admin };
  return { room, peer: self.peer, username: room, password, encryption, rights, door };
}

/** Undefined in an open room only: a link that wants words without words is an error, never an open room. */
async function secretOf(
  { name, secret, passphrase: wanted }: MeetingLink,
  { passphrase }: RoomAccessOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!wanted) return secret;
  if (passphrase === undefined) throw new SdkError("passphrase-missing", "This meeting has a passphrase: say it, too.");
  const weakness = passphraseWeakness(passphrase);
  if (weakness !== undefined) throw new SdkError("passphrase-weak", weakness);
  return passphraseSecret(name, passphrase);
}

async function keysOf(secret: Uint8Array): Promise<EncryptionKeys> {
  try {
    return await newEncryptionKeys(secret);
  } catch (cause) {
    const sentence = "This browser is too old for encrypted meetings: it lacks X25519 or Ed25519.";
    throw new SdkError("unsupported", sentence, { cause });
  }
}

function translate(error: unknown): unknown {
  return error instanceof ProtocolError ? new SdkError("link-malformed", error.message, { cause: error }) : error;
}
