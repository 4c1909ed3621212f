import { expect, test } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import {
  deriveRoom,
  newPeer,
  openRoomPassword,
  peerOf,
  roomNameToLevel,
  roomPassword,
  verifyOpenRoomProof,
  verifyRoomProof,
} from "./room-keys.ts";
import vectors from "./vectors/room-keys.json" with { type: "json" };

const bytes = (text: string) => decodeBase64Url(text) ?? new Uint8Array(0);

test.each(vectors.rooms)("deriveRoom gives room $room (K1)", async ({ secret, authToken, room }) => {
  const derived = await deriveRoom(bytes(secret));
  expect({ room: derived.room, authToken: encodeBase64Url(derived.authToken) }).toEqual({ room, authToken });
});

test.each(vectors.peers)("peerOf gives peer $peer (K3)", async ({ peerSecret, peer }) => {
  expect(await peerOf(bytes(peerSecret))).toBe(peer);
});

test("newPeer is another peer each time, with its proof (T2, K2, K3)", async () => {
  const [one, two] = [await newPeer(), await newPeer()];
  expect(one.peer).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(await peerOf(one.peerSecret)).toBe(one.peer);
  expect(two.peer).not.toBe(one.peer);
});

test("verifyRoomProof accepts the peer and its further connections (K4, K5)", async () => {
  const [room, peer] = [vectors.rooms[1], vectors.peers[1]];
  if (!room || !peer) throw new Error("no vectors");
  expect(roomPassword(bytes(room.authToken), bytes(peer.peerSecret))).toBe(vectors.connect.password);
  for (const suffix of ["", ...Array.from("BCDEFGHIJKLMN", (letter) => `.${letter}`)]) {
    const proof = await verifyRoomProof({ ...vectors.connect, clientId: peer.peer + suffix });
    expect(proof).toEqual({ room: room.room, peer: peer.peer });
  }
});

test("verifyRoomProof refuses everything else (K5)", async () => {
  const [otherRoom, room] = vectors.rooms;
  const [otherPeer, peer] = vectors.peers;
  if (!otherRoom || !room || !otherPeer || !peer) throw new Error("no vectors");
  const wrong = [
    { username: otherRoom.room },
    { username: "" },
    { username: room.room.slice(0, -1) },
    { username: `${room.room}x` },
    { clientId: otherPeer.peer },
    { clientId: "" },
    { clientId: `${peer.peer}.A` },
    { clientId: `${peer.peer}.P` },
    { clientId: `${peer.peer}.B.C` },
    { clientId: `${peer.peer}\n` },
    { password: "" },
    { password: room.authToken },
    { password: `${room.authToken}.` },
    { password: `${otherRoom.authToken}.${peer.peerSecret}` },
    { password: `${room.authToken}.${otherPeer.peerSecret}` },
    { password: `${room.authToken}.${peer.peerSecret}.` },
    { password: `${room.authToken}.${peer.peerSecret}=` },
    { password: `${peer.peerSecret}.${room.authToken}` },
  ];
  for (const change of wrong) {
    expect(await verifyRoomProof({ ...vectors.connect, ...change }), JSON.stringify(change)).toBeUndefined();
  }
});

test("deriveRoom refuses a secret of another size", async () => {
  await expect(deriveRoom(new Uint8Array(31))).rejects.toThrow(RangeError);
});

test("verifyOpenRoomProof proves the peer, and takes no room that could have a secret (K10)", async () => {
  const { peer, peerSecret } = await newPeer();
  const own = { username: "lobby", clientId: `${peer}.B`, password: openRoomPassword(peerSecret) };
  expect(await verifyOpenRoomProof(own)).toEqual({ room: "lobby", peer });
  const other = await newPeer();
  const [withSecret] = vectors.rooms;
  const wrong = [
    { clientId: other.peer },
    { password: openRoomPassword(other.peerSecret) },
    { password: roomPassword(new Uint8Array(32).fill(1), peerSecret) },
    { password: `${own.password}.` },
    { password: "" },
    { username: "" },
    { username: "a/b" },
    { username: withSecret?.room ?? "" },
  ];
  for (const change of wrong) {
    expect(await verifyOpenRoomProof({ ...own, ...change }), JSON.stringify(change)).toBeUndefined();
  }
  // Nor are the two proofs taken for each other.
  expect(await verifyRoomProof(own)).toBeUndefined();
  expect(await verifyOpenRoomProof(vectors.connect)).toBeUndefined();
});

test("roomNameToLevel takes levels only (L5)", () => {
  expect(roomNameToLevel("lobby")).toBe("lobby");
  for (const name of ["", "a/b", "+", "早会", "x".repeat(22), "x".repeat(44)]) {
    expect(() => roomNameToLevel(name)).toThrow(expect.objectContaining({ code: "link-malformed" }));
  }
});
