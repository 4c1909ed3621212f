import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import { newSigningKey, verificationKeyOf } from "./epoch-wrap.ts";
import type { RoomMessage } from "./room-message.ts";
import { encodeText, joinBytes } from "./secret-derivation.ts";
import type { PeerId, TopicLevel } from "./topic-level.ts";

/** The key of who leads a meeting: the private half cannot leave WebCrypto, but can be cloned into a worker or IndexedDB. */
export interface HostKey {
  readonly key: CryptoKey;
  readonly publicBytes: Uint8Array;
  /** What stands in the meeting's link (H1). */
  readonly fingerprint: string;
}

/** What a host says to everybody, as it is sent (H2). */
export type HostMessage = Extract<RoomMessage, { type: "host" }>;

/** What a host signs, besides where and by whom it is said. */
export interface UnsignedHostCommand {
  readonly command: TopicLevel;
  readonly target?: TopicLevel;
  readonly number: number;
}

/** Where and by whom a command is said. */
export interface HostContext {
  readonly room: TopicLevel;
  readonly from: PeerId;
}

/** Half of a SHA-256: nobody finds another key with the same. */
const FINGERPRINT_BYTES = 16;
const KEY_CHARACTERS = 43;

/** A key for a meeting that is started now. Rejects where WebCrypto lacks Ed25519. */
export async function newHostKey(): Promise<HostKey> {
  const { key, publicBytes } = await newSigningKey();
  return { key, publicBytes, fingerprint: await hostFingerprint(publicBytes) };
}

/** What names a host's public key in a link (H1). */
export async function hostFingerprint(publicBytes: Uint8Array): Promise<string> {
  const bytes = joinBytes(encodeText("mm/1 host key"), publicBytes);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return encodeBase64Url(hash.subarray(0, FINGERPRINT_BYTES));
}

/** The command with the host's signature (H3). */
export async function signHostCommand(
  command: UnsignedHostCommand,
  { hostKey, ...context }: HostContext & { readonly hostKey: Pick<HostKey, "key" | "publicBytes"> },
): Promise<HostMessage> {
  const bytes = signedBytes(command, context);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", hostKey.key, bytes));
  const key = encodeBase64Url(hostKey.publicBytes);
  return { ...command, type: "host", key, signature: encodeBase64Url(signature) };
}

/** Who may command: the host that the link names, and those to whom the role was handed over (H6). */
export interface HostSeats {
  readonly fingerprint: string;
  readonly heirs?: readonly { readonly peer: PeerId; readonly key: string }[];
}

/** Whether `message` is a command of a host, for this room, and said by who signed it (H3). */
export async function isHostCommand(
  message: HostMessage,
  { fingerprint, heirs = [], ...context }: HostContext & HostSeats,
): Promise<boolean> {
  const publicBytes = message.key.length === KEY_CHARACTERS ? decodeBase64Url(message.key) : undefined;
  const signature = decodeBase64Url(message.signature);
  if (publicBytes === undefined || signature === undefined) return false;
  const isHeir = heirs.some(({ peer, key }) => peer === context.from && key === message.key);
  if (!isHeir && (await hostFingerprint(publicBytes)) !== fingerprint) return false;
  try {
    const key = await verificationKeyOf(publicBytes);
    return await crypto.subtle.verify("Ed25519", key, signature, signedBytes(message, context));
  } catch {
    return false; // the key is none
  }
}

/** Levels and numbers have no line feed: nothing can be moved from one line to the next. */
function signedBytes(
  { number, command, target }: UnsignedHostCommand,
  { room, from }: HostContext,
): Uint8Array<ArrayBuffer> {
  return encodeText(["mm/1 host", room, from, number, command, target ?? ""].join("\n"));
}
