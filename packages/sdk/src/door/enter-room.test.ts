import { ConnectionError, ReasonCode } from "@mqtt-meet/mqtt";
import { newPeer, type PeerId, topicLevel } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type EncryptionKeys, newEncryptionKeys } from "../e2ee/encryption-keys.ts";
import { ALL_RIGHTS, type RoomRights } from "../rights.ts";
import { fakeTimers, pass, SECRET } from "../testing/encrypted-rooms.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { FakeDoorServer } from "../testing/fake-door-server.ts";
import { type FakeRoom, openFakeRoom } from "../testing/fake-room.ts";
import { enterRoom } from "./enter-room.ts";
import type { DoorStanding } from "./room-door-state.ts";

const rooms: FakeRoom[] = [];
beforeEach(fakeTimers);
afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.leave()));
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const HOST: RoomRights = { ...ALL_RIGHTS, host: true };

/** Somebody who joins a token room on `broker`, and what becomes of it. */
async function arrive(broker: FakeBroker, name: string, options: { knocksFirst?: boolean; rights?: RoomRights } = {}) {
  const { knocksFirst = false, rights = ALL_RIGHTS } = options;
  const [{ peer }, keys]: [{ peer: PeerId }, EncryptionKeys] = await Promise.all([
    newPeer(),
    newEncryptionKeys(SECRET),
  ]);
  const calledOff = new AbortController();
  const arrival = {
    ...{ peer, calledOff },
    standings: [] as DoorStanding[],
    attempts: [] as FakeRoom[],
    opened: [] as string[],
    room: undefined as FakeRoom | undefined,
    failure: undefined as unknown,
  };
  const openLink: typeof broker.open = (linkOptions) => {
    arrival.opened.push(linkOptions.clientId.slice(peer.length));
    return broker.open(linkOptions);
  };
  const open = (afterIncarnation: number | undefined) => {
    const room = openFakeRoom({ open: openLink } as FakeBroker, name, {
      ...{ encrypted: { peer, keys }, rights, enforced: true, afterIncarnation },
    });
    arrival.attempts.push(room);
    return room;
  };
  const entry = { room: topicLevel("room"), peer, encryption: keys, rights, door: { knocksFirst } };
  enterRoom({
    ...{ entry, name, openLink, open, signal: calledOff.signal, nowMs: () => Date.now() },
    onStanding: (standing) => arrival.standings.push(standing),
  }).then(
    (room) => {
      arrival.room = room;
      rooms.push(room);
    },
    (error: unknown) => {
      arrival.failure = error;
    },
  );
  await pass(0.2);
  return arrival;
}

test("who may come in opens no door, and joins as everywhere (D1)", async () => {
  const broker = new FakeBroker();
  new FakeDoorServer(broker);
  const ada = await arrive(broker, "Ada");
  expect(ada.room).toBe(ada.attempts[0]);
  expect(ada.opened).not.toContain(".W");
  expect(ada.standings).toEqual([]);
});

test("who may not come in now knocks at once and every 5 s, and comes in when it is let in (D1 to D4)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  const host = await arrive(broker, "Ada", { rights: HOST });
  server.standing = "waiting";
  const bob = await arrive(broker, "Bob");
  expect(bob.opened).toEqual(["", ".W"]);
  expect(bob.standings).toEqual(["waiting"]);
  expect(host.room?.door.state.value.waiting).toMatchObject([{ peer: bob.peer, name: "Bob" }]);
  await pass(10);
  expect(server.knocks).toHaveLength(3);
  for (const { payload } of server.knocks) expect(new TextDecoder().decode(payload)).not.toContain("Bob");
  expect(host.room?.door.state.value.waiting).toHaveLength(1);
  expect(bob.standings).toEqual(["waiting"]);

  server.tell(bob.peer, "in");
  await pass(0.5);
  expect(bob.room).toBe(bob.attempts[1]);
  expect(host.room?.participants.value.map(({ name }) => name)).toEqual(["Bob"]);
  expect(host.room?.door.state.value.waiting).toEqual([]);
  expect(broker.links.has(`${bob.peer}.W`)).toBe(false);
});

test("no will of a later attempt has the number, and so the nonce, of an earlier one (E3, S5)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.standing = "waiting";
  const now = vi.spyOn(Date, "now").mockReturnValue(1_763_800_000_000); // a clock that stands still
  const ada = await arrive(broker, "Ada");
  server.tell(ada.peer, "in");
  await pass(0.5);
  now.mockRestore();
  const [first, second] = ada.attempts.map(({ attempt }) => attempt.incarnation);
  expect(ada.room).toBe(ada.attempts[1]);
  expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
});

test("an invitation that says so goes to the door first, and the reasons for waiting are told as they change (D2)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.standing = "locked";
  const ada = await arrive(broker, "Ada", { knocksFirst: true });
  expect(ada.opened).toEqual([".W"]);
  server.tell(ada.peer, "waiting");
  server.tell(ada.peer, "waiting");
  await pass(0.1);
  expect(ada.standings).toEqual(["locked", "waiting"]);
  server.tell(ada.peer, "in");
  await pass(0.5);
  expect(ada.attempts).toHaveLength(1);
  expect(ada.room).toBeDefined();
});

test("who waits goes on knocking after its connection was lost (D3)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.standing = "waiting";
  const ada = await arrive(broker, "Ada");
  const link = broker.cut(`${ada.peer}.W`, { will: false });
  await pass(12);
  expect(server.knocks).toHaveLength(1);
  link.connect();
  await pass(0.2);
  expect(server.knocks).toHaveLength(2);
  server.tell(ada.peer, "in");
  await pass(0.5);
  expect(ada.room).toBeDefined();
});

test("who gives up says so, and is in no list any more (D3)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  const host = await arrive(broker, "Ada", { rights: HOST });
  server.standing = "waiting";
  const bob = await arrive(broker, "Bob");
  const reason = new Error("enough");
  bob.calledOff.abort(reason);
  await pass(0.2);
  expect(bob.failure).toBe(reason);
  expect(server.knocks.at(-1)).toEqual({ peer: bob.peer, payload: new Uint8Array(0) });
  expect(host.room?.door.state.value.waiting).toEqual([]);
  expect(broker.links.has(`${bob.peer}.W`)).toBe(false);
  await pass(6);
  expect(server.knocks).toHaveLength(2);
});

test("who is turned away is told that a host did it (A16)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.standing = "waiting";
  const ada = await arrive(broker, "Ada");
  const { administrativeAction: reasonCode } = ReasonCode;
  broker.links.get(`${ada.peer}.W`)?.fail(new ConnectionError("not-authorized", "Out.", { reasonCode }));
  await pass(0.2);
  expect(ada.failure).toMatchObject({ code: "removed", message: "A host did not let you in." });
});

test("wrong credentials, and a refusal that no wait mends, are told at once", async () => {
  const broker = new FakeBroker();
  broker.refuse = () => new ConnectionError("bad-credentials", "No.", { reasonCode: ReasonCode.badUserNameOrPassword });
  const ada = await arrive(broker, "Ada");
  expect(ada.failure).toMatchObject({ code: "not-authorized" });
  expect(ada.opened).toEqual([""]);
  const server = new FakeDoorServer(broker);
  server.standing = "waiting";
  const refuse = broker.refuse;
  server.standing = "in"; // says the door, and still refuses
  broker.refuse = (clientId) =>
    clientId.endsWith(".W") || clientId === "server"
      ? refuse(clientId)
      : new ConnectionError("not-authorized", "No.", { reasonCode: ReasonCode.notAuthorized });
  const bob = await arrive(broker, "Bob");
  await pass(2);
  expect(bob.failure).toMatchObject({ code: "not-authorized" });
  expect(bob.attempts).toHaveLength(6);
});
