import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import {
  type Invitation,
  isTopicLevel,
  type PeerId,
  parseInvitation,
  parseRoomRights,
  type RoomRights,
} from "@mqtt-meet/protocol";

/** How tokens are signed: given by the kind of the key, never by the token. */
export type TokenAlgorithm = "EdDSA" | "ES256";

/** A key for tokens, and the only algorithm that goes with it. */
export interface TokenKey {
  readonly algorithm: TokenAlgorithm;
  readonly key: KeyObject;
}

/** What a token says: one peer of one room, for some time. */
export interface RoomTokenClaims extends RoomRights {
  readonly peer: PeerId;
}

/** More is no token of ours, and is not decoded. */
const MAX_TOKEN_CHARACTERS = 8_192;
const PEER_CHARACTERS = { least: 16, most: 43 };

/** Reads a key from PEM, private or public. Undefined when it is neither Ed25519 nor P-256. */
export function readTokenKey(pem: string): TokenKey | undefined {
  try {
    const key = pem.includes("PRIVATE KEY") ? createPrivateKey(pem) : createPublicKey(pem);
    const algorithm = algorithmOf(key);
    return algorithm && { algorithm, key };
  } catch {
    return undefined;
  }
}

/** The half of a key that only checks. */
export function publicTokenKey({ algorithm, key }: TokenKey): TokenKey {
  return { algorithm, key: key.type === "private" ? createPublicKey(key) : key };
}

/** Signs a payload as a JWT. */
export function signToken(payload: object, { algorithm, key }: TokenKey): string {
  const text = `${encode({ alg: algorithm, typ: "JWT" })}.${encode(payload)}`;
  return `${text}.${sign(digestOf(algorithm), Buffer.from(text), signingOptions(key)).toString("base64url")}`;
}

/**
 * What a token says, if the key signed it with its own algorithm and it is of use now; undefined otherwise. Nothing in
 * the token chooses how it is checked.
 */
export function verifyToken(token: string, key: TokenKey, nowS: number): RoomTokenClaims | undefined {
  const payload = signedPayload(token, key);
  const rights = parseRoomRights(payload);
  const peer = payload?.["sub"];
  return rights && isPeer(peer) && isCurrent(rights, nowS) ? { ...rights, peer } : undefined;
}

/** The same of an invitation, which names no peer. */
export function verifyInvitation(token: string, key: TokenKey, nowS: number): Invitation | undefined {
  const invitation = parseInvitation(signedPayload(token, key));
  return invitation && isCurrent(invitation, nowS) ? invitation : undefined;
}

function signedPayload(token: string, key: TokenKey): Record<string, unknown> | undefined {
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  if (token.length > MAX_TOKEN_CHARACTERS || rest.length > 0 || signature === "") return undefined;
  const head = decode(header);
  if (!head || head["alg"] !== key.algorithm || "crit" in head) return undefined;
  const signed = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, "base64url");
  return verify(digestOf(key.algorithm), signed, signingOptions(key.key), bytes) ? decode(payload) : undefined;
}

function isCurrent({ notBeforeS, expiresAtS }: RoomRights, nowS: number): boolean {
  return notBeforeS <= nowS && nowS < expiresAtS;
}

function isPeer(text: unknown): text is PeerId {
  const { least, most } = PEER_CHARACTERS;
  return typeof text === "string" && isTopicLevel(text) && text.length >= least && text.length <= most;
}

function algorithmOf(key: KeyObject): TokenAlgorithm | undefined {
  if (key.asymmetricKeyType === "ed25519") return "EdDSA";
  const isP256 = key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  return isP256 ? "ES256" : undefined;
}

/** Ed25519 hashes by itself. */
function digestOf(algorithm: TokenAlgorithm): string | null {
  return algorithm === "ES256" ? "sha256" : null;
}

/** RFC 7518: the two numbers of an ECDSA signature stand side by side. */
function signingOptions(key: KeyObject): { key: KeyObject; dsaEncoding: "ieee-p1363" } {
  return { key, dsaEncoding: "ieee-p1363" };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
