import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type DoorRules,
  encodeOrder,
  encodeRoomRules,
  encodeStanding,
  MAX_MUTED_PEERS,
  MUTABLE_KINDS,
  NO_RULES,
  parseOrder,
  parseRoomRules,
  parseStanding,
} from "./door.ts";
import { ProtocolError } from "./protocol-error.ts";
import {
  deriveRoom,
  invitationPassword,
  newPeer,
  openRoomPassword,
  roomPassword,
  verifyInvitedPeer,
  verifyOpenRoomProof,
  verifyRoomProof,
} from "./room-keys.ts";
import { parseRoomRights } from "./room-rights.ts";
import { type PeerId, topicLevel } from "./topic-level.ts";
import vectors from "./vectors/door.json" with { type: "json" };

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const kinds = fc.subarray([...MUTABLE_KINDS]);

test.each(vectors.orders.valid)("an order is read, and written so that it reads the same: %j (D5)", (order) => {
  expect(parseOrder(json(order))).toEqual(order);
  expect(parseOrder(encodeOrder(parseOrder(json(order))))).toEqual(order);
});

test("an order forbids each kind once, and never messages (D5)", () => {
  for (const { payload, means } of vectors.orders.cleaned) expect(parseOrder(json(payload))).toEqual(means);
});

test("rules are read, and written so that they read the same (D7)", () => {
  for (const rules of vectors.rules.valid) {
    const read = parseRoomRules(json(rules));
    expect({ ...read, mutedPeers: Object.fromEntries(read.mutedPeers) }).toEqual(rules);
    expect(parseRoomRules(encodeRoomRules(read))).toEqual(read);
  }
  expect(parseRoomRules(new Uint8Array(0))).toEqual(NO_RULES);
});

test("everybody of a full room can be muted by name, and no more (D7)", () => {
  const names = Array.from({ length: MAX_MUTED_PEERS }, (_, index) => topicLevel(`${"x".repeat(39)}${1000 + index}`));
  const rules: DoorRules = {
    ...{ number: Number.MAX_SAFE_INTEGER, locked: false, waiting: false, muted: MUTABLE_KINDS },
    mutedPeers: new Map(names.map((peer) => [peer, MUTABLE_KINDS])),
  };
  expect(parseRoomRules(encodeRoomRules(rules)).mutedPeers.size).toBe(MAX_MUTED_PEERS);
  const more = new Map([...rules.mutedPeers, [topicLevel("one-more"), MUTABLE_KINDS]]);
  expect(() => encodeRoomRules({ ...rules, mutedPeers: more })).toThrow(TypeError);
});

test("standings are read, and written so that they read the same (D4)", () => {
  for (const standing of vectors.standings.valid) {
    expect(parseStanding(json({ standing }))).toBe(standing);
    expect(parseStanding(encodeStanding(parseStanding(json({ standing }))))).toBe(standing);
  }
});

test("what is no order, standing or set of rules is refused (J2, D4, D5, D7)", () => {
  for (const order of vectors.orders.malformed) expect(() => parseOrder(json(order))).toThrow(ProtocolError);
  for (const standing of vectors.standings.malformed) {
    expect(() => parseStanding(json(standing))).toThrow(ProtocolError);
  }
  for (const rules of vectors.rules.malformed) expect(() => parseRoomRules(json(rules))).toThrow(ProtocolError);
  expect(() => parseOrder(json({ more: "x".repeat(512) }))).toThrow(ProtocolError);
  expect(() => parseRoomRules(json({ ...vectors.rules.valid[0], more: "x".repeat(8192) }))).toThrow(ProtocolError);
});

test("bytes and values of any kind are read or refused, and nothing else happens (D4, D5, D7)", () => {
  const input = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.jsonValue().map(json),
    fc
      .record(
        {
          ...{ number: fc.anything(), locked: fc.anything(), waiting: fc.anything(), admitted: fc.anything() },
          ...{ muted: fc.anything(), mutedPeers: fc.dictionary(fc.string(), fc.anything()), standing: fc.anything() },
        },
        { requiredKeys: [] },
      )
      .map((value) => json(structuredCloneable(value))),
  );
  fc.assert(
    fc.property(input, (bytes) => {
      for (const parse of [parseOrder, parseStanding, parseRoomRules]) {
        try {
          parse(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }
    }),
  );
  const peers = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{16,43}$/), { maxLength: MAX_MUTED_PEERS });
  const some = fc.subarray([...MUTABLE_KINDS], { minLength: 1 });
  fc.assert(
    fc.property(fc.maxSafeNat(), kinds, peers, some, (number, muted, names, forbidden) => {
      const mutedPeers = new Map(names.map((name) => [name as PeerId, forbidden]));
      const rules: DoorRules = { number, locked: number % 2 === 0, waiting: number % 3 === 0, muted, mutedPeers };
      expect(parseRoomRules(encodeRoomRules(rules))).toEqual(rules);
    }),
  );
});

test("who was invited may wait at the door, and nobody else has one (D2, K4)", async () => {
  const { peer, peerSecret } = await newPeer();
  const clientId = `${peer}.W`;
  const invited = { clientId, password: invitationPassword("a.b.c", peerSecret) };
  expect(await verifyInvitedPeer(invited)).toEqual({ invitation: "a.b.c", peer });
  for (const wrong of [`${peer}.A`, `${peer}.P`, `${peer}.w`, `${peer}.WW`, `${peer}W`, `${peer}.W.W`]) {
    expect(await verifyInvitedPeer({ ...invited, clientId: wrong })).toBeUndefined();
  }
  const { room, authToken } = await deriveRoom(new Uint8Array(32));
  const linked = { clientId, username: room, password: roomPassword(authToken, peerSecret) };
  expect(await verifyRoomProof(linked)).toBeUndefined();
  expect(await verifyRoomProof({ ...linked, clientId: peer })).toBeDefined();
  const open = { clientId, username: "lobby", password: openRoomPassword(peerSecret) };
  expect(await verifyOpenRoomProof(open)).toBeUndefined();
  expect(await verifyOpenRoomProof({ ...open, clientId: peer })).toBeDefined();
});

test("only `wait: true` makes the holder of a token wait (D1)", () => {
  const rights = (wait: unknown) =>
    parseRoomRights({ exp: 1, mqm: { v: 1, room: "R", role: "", pub: [], sub: true, admin: false, wait } });
  expect(rights(true)).toMatchObject({ wait: true });
  for (const other of [undefined, false, "true", 1, {}]) expect(rights(other)).toMatchObject({ wait: false });
});

/** What JSON can say of `value`: it knows no big integers, and no loops. */
function structuredCloneable(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return {};
  }
}
