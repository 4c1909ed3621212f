import { hkdfSync, type KeyObject } from "node:crypto";

const SECRET_BYTES = 32;

/**
 * The secret of a token room, the same in all invitations that one key signs: whoever has the private key can read the
 * room, and a server with its public half cannot. Throws TypeError for a public key.
 */
export function tokenRoomSecret(key: KeyObject, room: string): Uint8Array<ArrayBuffer> {
  const { d } = key.export({ format: "jwk" });
  if (d === undefined) throw new TypeError("A room's secret comes from a private key.");
  return new Uint8Array(hkdfSync("sha256", Buffer.from(d, "base64url"), "", `mm/1 token room ${room}`, SECRET_BYTES));
}
