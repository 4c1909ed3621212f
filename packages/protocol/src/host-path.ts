import * as v from "valibot";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import { verificationKeyOf } from "./epoch-wrap.ts";
import { type HostKey, hostFingerprint } from "./host-command.ts";
import { CountSchema, LevelSchema, PublicKeySchema, SignatureSchema } from "./schemas.ts";
import { encodeText } from "./secret-derivation.ts";
import type { PeerId, TopicLevel } from "./topic-level.ts";

/** Hands that the host's role may go through, so that a state that tells of it stays small. */
export const MAX_HAND_OVERS = 4;

/** That `from`, who has `key`, gave the host's role to `to`, or, without `to`, took it back (H6). */
export const HandOverSchema = v.looseObject({
  key: PublicKeySchema,
  from: LevelSchema,
  to: v.exactOptional(v.looseObject({ peer: LevelSchema, key: PublicKeySchema })),
  /** Whether `from` stays a host, too. */
  keep: v.boolean(),
  /** Larger than in whatever this key gave or took back before. */
  number: CountSchema,
  signature: SignatureSchema,
});
export type HandOver = v.InferOutput<typeof HandOverSchema>;

/** What is signed of it, besides the room. */
export interface UnsignedHandOver {
  readonly from: PeerId;
  readonly to?: { readonly peer: PeerId; readonly key: string };
  readonly keep: boolean;
  readonly number: number;
}

/** What a state says of the host's role (H7, H8). */
export const HostRoleSchema = v.looseObject({
  /** Its sender has the key that the link names. */
  claim: v.exactOptional(v.looseObject({ key: PublicKeySchema, signature: SignatureSchema })),
  path: v.exactOptional(v.pipe(v.array(HandOverSchema), v.maxLength(MAX_HAND_OVERS), v.readonly())),
});
export type HostRole = v.InferOutput<typeof HostRoleSchema>;
export type HostClaim = NonNullable<HostRole["claim"]>;

/** What signs: the host's key, or that of a participant's start. */
export type HostSigner = Pick<HostKey, "key" | "publicBytes">;

/** `step` with the signature of who gives or takes back. */
export async function signHandOver(
  step: UnsignedHandOver,
  { signer, room }: { readonly signer: HostSigner; readonly room: TopicLevel },
): Promise<HandOver> {
  const signature = await sign(signer, handOverText(step, room));
  return { ...step, key: encodeBase64Url(signer.publicBytes), signature };
}

/**
 * Whether the role really went this way: from the key that the link names, each step signed by the key to which the one
 * before it gave, in this room (H6).
 */
export async function isHostPath(
  path: readonly HandOver[],
  { room, fingerprint }: { readonly room: TopicLevel; readonly fingerprint: string },
): Promise<boolean> {
  const [first] = path;
  if (first === undefined || path.length > MAX_HAND_OVERS) return false;
  if (!(await isKeyOf(first.key, fingerprint))) return false;
  for (const [index, step] of path.entries()) {
    const giver = path[index - 1];
    if (index > 0 && (giver?.to?.key !== step.key || giver.to.peer !== step.from)) return false;
    if (!(await isSigned(step, handOverText(step, room)))) return false;
  }
  return true;
}

/** That `peer` has the host's key (H8). */
export async function signHostClaim(
  signer: HostSigner,
  { room, peer }: { readonly room: TopicLevel; readonly peer: PeerId },
): Promise<HostClaim> {
  return { key: encodeBase64Url(signer.publicBytes), signature: await sign(signer, claimText(room, peer)) };
}

/** Whether the state of `peer` may say that it has the key that the link names (H8). */
export async function isHostClaim(
  claim: HostClaim,
  { room, peer, fingerprint }: { readonly room: TopicLevel; readonly peer: PeerId; readonly fingerprint: string },
): Promise<boolean> {
  return (await isKeyOf(claim.key, fingerprint)) && (await isSigned(claim, claimText(room, peer)));
}

/** Levels, keys and numbers have no line feed: nothing can be moved from one line to the next. */
function handOverText({ from, to, keep, number }: UnsignedHandOver, room: TopicLevel): string {
  return ["mm/1 host role", room, from, number, to?.peer ?? "", to?.key ?? "", keep ? "keep" : "give"].join("\n");
}

function claimText(room: TopicLevel, peer: PeerId): string {
  return ["mm/1 host claim", room, peer].join("\n");
}

async function sign(signer: HostSigner, text: string): Promise<string> {
  return encodeBase64Url(new Uint8Array(await crypto.subtle.sign("Ed25519", signer.key, encodeText(text))));
}

async function isKeyOf(key: string, fingerprint: string): Promise<boolean> {
  const publicBytes = decodeBase64Url(key);
  return publicBytes !== undefined && (await hostFingerprint(publicBytes)) === fingerprint;
}

async function isSigned({ key, signature }: HostClaim, text: string): Promise<boolean> {
  const [publicBytes, bytes] = [decodeBase64Url(key), decodeBase64Url(signature)];
  if (publicBytes === undefined || bytes === undefined) return false;
  try {
    return await crypto.subtle.verify("Ed25519", await verificationKeyOf(publicBytes), bytes, encodeText(text));
  } catch {
    return false; // the key is none
  }
}
