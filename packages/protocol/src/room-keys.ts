import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import { ProtocolError } from "./protocol-error.ts";
import { isTopicLevel, type PeerId, type TopicLevel, topicLevel } from "./topic-level.ts";

/** The size of a room's secret, of what is derived from it and of a peer's secret. */
export const SECRET_BYTES = 32;

const ROOM_CHARACTERS = 22;
const SID_BYTES = 16;
/** What a client shows in an open room, where there is no secret to prove. */
const NO_TOKEN = encodeBase64Url(new Uint8Array(SECRET_BYTES));
const CLIENT_ID = /^([A-Za-z0-9_-]{22})(?:\.[B-O])?$/;
/** Who comes with an invitation may wait at the door, too (D2). */
const INVITED_CLIENT_ID = /^([A-Za-z0-9_-]{22})(?:\.[B-OW])?$/;

/** What a room's secret gives to the broker: nothing that reveals the secret itself. */
export interface RoomAccess {
  /** The room's level in its topics. */
  readonly room: TopicLevel;
  /** Shown to the broker in CONNECT. */
  readonly authToken: Uint8Array<ArrayBuffer>;
}

/** A participant's identity for one start: never stored, never used again. */
export interface Peer {
  readonly peer: PeerId;
  /** Shown to the broker in CONNECT, so that nobody else can connect as this peer. */
  readonly peerSecret: Uint8Array<ArrayBuffer>;
}

/** Derives the room's level and access proof from its secret of {@link SECRET_BYTES}. */
export async function deriveRoom(secret: Uint8Array): Promise<RoomAccess> {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`A room's secret has ${SECRET_BYTES} bytes.`);
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("mm/1 auth");
  const salt = new Uint8Array(0);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info };
  const authToken = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, SECRET_BYTES * 8));
  return { room: await roomOf(authToken), authToken };
}

/** A new participant. */
export async function newPeer(): Promise<Peer> {
  const peerSecret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return { peer: await peerOf(peerSecret), peerSecret };
}

/** The participant that `peerSecret` proves. */
export async function peerOf(peerSecret: Uint8Array): Promise<PeerId> {
  return topicLevel(encodeBase64Url((await sha256(peerSecret)).subarray(0, SID_BYTES)));
}

/** The password in CONNECT. The user name is the room's level; the client id is the peer, or the peer and `.B` … `.O`. */
export function roomPassword(authToken: Uint8Array, peerSecret: Uint8Array): string {
  return `${encodeBase64Url(authToken)}.${encodeBase64Url(peerSecret)}`;
}

/**
 * Which room and peer the credentials of a CONNECT prove; undefined when they prove none. Needs no memory: the room's
 * level and the peer are hashes of what the password shows.
 */
export async function verifyRoomProof(credentials: {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
}): Promise<{ readonly room: TopicLevel; readonly peer: PeerId } | undefined> {
  const claimedPeer = CLIENT_ID.exec(credentials.clientId)?.[1];
  const [authToken, peerSecret, ...rest] = credentials.password.split(".").map(decodeBase64Url);
  if (claimedPeer === undefined || rest.length > 0) return undefined;
  if (authToken?.length !== SECRET_BYTES || peerSecret?.length !== SECRET_BYTES) return undefined;
  const [room, peer] = await Promise.all([roomOf(authToken), peerOf(peerSecret)]);
  const roomProved = equalInConstantTime(room, credentials.username);
  const peerProved = equalInConstantTime(peer, claimedPeer);
  return roomProved && peerProved ? { room, peer } : undefined;
}

/** The password in CONNECT of who comes with an invitation (K11): it proves the rights and the peer. */
export function invitationPassword(invitation: string, peerSecret: Uint8Array): string {
  return `${invitation}.${encodeBase64Url(peerSecret)}`;
}

/**
 * The invitation in a password, and the peer that the password proves; undefined when it proves none. The invitation was
 * not verified.
 */
export async function verifyInvitedPeer(credentials: {
  readonly password: string;
  readonly clientId: string;
}): Promise<{ readonly invitation: string; readonly peer: PeerId } | undefined> {
  const claimedPeer = INVITED_CLIENT_ID.exec(credentials.clientId)?.[1];
  const end = credentials.password.lastIndexOf(".");
  const peerSecret = decodeBase64Url(credentials.password.slice(end + 1));
  if (claimedPeer === undefined || end < 0 || peerSecret?.length !== SECRET_BYTES) return undefined;
  const peer = await peerOf(peerSecret);
  return equalInConstantTime(peer, claimedPeer) ? { peer, invitation: credentials.password.slice(0, end) } : undefined;
}

/** The password in CONNECT for an open room: it proves the peer alone. */
export function openRoomPassword(peerSecret: Uint8Array): string {
  return `${NO_TOKEN}.${encodeBase64Url(peerSecret)}`;
}

/**
 * Which open room and peer the credentials of a CONNECT name; undefined when the peer is not proved, or when the room
 * could be one with a secret: nobody gets into that by its level alone.
 */
export async function verifyOpenRoomProof(credentials: {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
}): Promise<{ readonly room: TopicLevel; readonly peer: PeerId } | undefined> {
  const { username: room, password, clientId } = credentials;
  const claimedPeer = CLIENT_ID.exec(clientId)?.[1];
  const [token, peerText = "", ...rest] = password.split(".");
  const peerSecret = decodeBase64Url(peerText);
  if (claimedPeer === undefined || token !== NO_TOKEN || rest.length > 0) return undefined;
  if (peerSecret?.length !== SECRET_BYTES || !isOpenRoomLevel(room)) return undefined;
  const peer = await peerOf(peerSecret);
  return equalInConstantTime(peer, claimedPeer) ? { room, peer } : undefined;
}

/** The level of an open room, which is its name. Throws a ProtocolError ("link-malformed"). */
export function roomNameToLevel(name: string): TopicLevel {
  if (isOpenRoomLevel(name)) return name;
  throw new ProtocolError(
    "link-malformed",
    `The name of an open room is 1 to 43 letters, digits, hyphens and underscores, and not ${ROOM_CHARACTERS} of them.`,
  );
}

/** The levels of rooms with a secret all have one length, so that no open room is taken for one. */
function isOpenRoomLevel(name: string): name is TopicLevel {
  return isTopicLevel(name) && name.length !== ROOM_CHARACTERS;
}

async function roomOf(authToken: Uint8Array): Promise<TopicLevel> {
  return topicLevel(encodeBase64Url(await sha256(authToken)).slice(0, ROOM_CHARACTERS));
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

/** Takes as long for a wrong first character as for a wrong last one. */
function equalInConstantTime(expected: string, actual: string): boolean {
  let difference = expected.length ^ actual.length;
  for (let i = 0; i < expected.length; i++) difference |= expected.charCodeAt(i) ^ actual.charCodeAt(i);
  return difference === 0;
}
