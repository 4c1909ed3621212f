import { encodeKnock, newPeer, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { ALL_RIGHTS } from "../rights.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { FakeDoorServer } from "../testing/fake-door-server.ts";
import { type FakeRoom, fakeScheme as scheme } from "../testing/fake-room.ts";
import { joinedRooms } from "../testing/joined-rooms.ts";
import type { RoomOrder } from "./room-door-state.ts";

const { join, seconds } = joinedRooms();
const TOKEN_ROOM = { enforced: true } as const;
const AS_HOST = { enforced: true, rights: { ...ALL_RIGHTS, host: true } } as const;
const [ada, bob] = [topicLevel("ada"), topicLevel("bob")];

const microphoneOf = (room: FakeRoom) => room.publishAudio({ source: "microphone", channels: 1 });
const cameraOf = (room: FakeRoom) =>
  room.publishVideo({ source: "camera", widthPx: 640, heightPx: 360, frameRate: 30 });

test("what the server enforces is known to whoever joins, at once and when it changes (D7)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.rule({ locked: true, mutedPeers: new Map([[bob, ["v"]]]) });
  const room = await join(broker, "Ada", TOKEN_ROOM);
  expect(room.door.state.value).toEqual({
    enforced: true,
    rules: { locked: true, waitingRoom: false, muted: [], mutedPeers: new Map([["bob", ["camera"]]]) },
    ownMuted: [],
    waiting: [],
  });
  server.rule({ waiting: true, muted: ["a", "s"] });
  expect(room.door.state.value).toMatchObject({
    rules: { locked: false, waitingRoom: true, muted: ["microphone", "screen"], mutedPeers: new Map() },
    ownMuted: ["microphone", "screen"],
  });
  broker.publish(scheme.rules, new TextEncoder().encode("nonsense"), false);
  expect(room.door.state.value.rules.waitingRoom).toBe(true);
  broker.publish(scheme.rules, new Uint8Array(0), true);
  expect(room.door.state.value).toMatchObject({ rules: { waitingRoom: false, muted: [] }, ownMuted: [] });
});

test("a room without a server that enforces has no rules, whatever is said there", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.rule({ locked: true, muted: ["a"] });
  const room = await join(broker, "Ada");
  const microphone = microphoneOf(room);
  expect(room.door.state.value).toMatchObject({ enforced: false, rules: { locked: false }, ownMuted: [] });
  expect(microphone.muted.value).toBe(false);
  await expect(room.door.enforce({ order: "lock", on: true })).rejects.toMatchObject({ code: "not-authorized" });
});

test("whoever is muted by a host stays so until it is lifted, and then switches on again by themselves (D6)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  const room = await join(broker, "Ada", TOKEN_ROOM);
  const [microphone, camera] = [microphoneOf(room), cameraOf(room)];
  server.rule({ muted: ["a"] });
  expect([microphone.muted.value, camera.muted.value]).toEqual([true, false]);
  const refusal = expect.objectContaining({ code: "muted-by-host", message: "A host has muted you." });
  expect(() => microphone.setMuted(false)).toThrow(refusal);
  microphone.setMuted(true);
  camera.setMuted(true);
  camera.setMuted(false);
  const another = microphoneOf(room);
  expect([microphone.muted.value, another.muted.value, camera.muted.value]).toEqual([true, true, false]);
  await seconds(0.01);
  const catalog = JSON.parse(new TextDecoder().decode(broker.retained.get(scheme.catalog(ada))));
  expect(catalog.tracks.map(({ id, muted }: { id: string; muted: boolean }) => `${id} ${muted}`)).toEqual([
    "microphone true",
    "camera false",
    "microphone-2 true",
  ]);
  server.rule({});
  expect([microphone.muted.value, another.muted.value]).toEqual([true, true]);
  microphone.setMuted(false);
  expect(microphone.muted.value).toBe(false);
});

test("hosts are muted by nobody (D6)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  const room = await join(broker, "Ada", AS_HOST);
  const camera = cameraOf(room);
  server.rule({ muted: ["a", "v", "s"], mutedPeers: new Map([[ada, ["v"]]]) });
  expect(room.door.state.value.ownMuted).toEqual([]);
  expect(camera.muted.value).toBe(false);
});

test("a host's orders go to the server, and nobody else has any (D5)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  const host = await join(broker, "Ada", AS_HOST);
  const guest = await join(broker, "Bob", TOKEN_ROOM);
  const orders: readonly RoomOrder[] = [
    { order: "lock", on: true },
    { order: "waiting-room", on: false },
    { order: "admit", peer: "bob" },
    { order: "mute", kinds: ["screen", "microphone"] },
    { order: "mute", kinds: [], peer: "bob" },
  ];
  for (const order of orders) await host.door.enforce(order);
  const [toAll, toBob] = [scheme.order(undefined, ada), scheme.order(bob, ada)];
  expect(server.orders).toEqual([
    { topic: toAll, order: { locked: true } },
    { topic: toAll, order: { waiting: false } },
    { topic: toBob, order: { admitted: true } },
    { topic: toAll, order: { muted: ["a", "s"] } },
    { topic: toBob, order: { muted: [] } },
  ]);
  await host.door.enforce({ order: "turn-away", peer: "bob" });
  expect(broker.log.at(-1)?.topic).toBe(scheme.removal(bob, ada));
  await expect(host.door.enforce({ order: "admit", peer: "no peer" })).rejects.toThrow(TypeError);
  const count = broker.log.length;
  for (const order of orders) {
    await expect(guest.door.enforce(order)).rejects.toMatchObject({ code: "not-authorized" });
  }
  expect(broker.log).toHaveLength(count);
});

test("only hosts hear who knocks, and a name that is not sealed with the room's key is none (D3)", async () => {
  const broker = new FakeBroker();
  new FakeDoorServer(broker);
  const host = await join(broker, "Ada", AS_HOST);
  const guest = await join(broker, "Bob", TOKEN_ROOM);
  const { peer } = await newPeer();
  expect(broker.links.get("ada")?.subscribes(scheme.knock(peer))).toBe(true);
  expect(broker.links.get("bob")?.subscribes(scheme.knock(peer))).toBe(false);
  broker.publish(scheme.knock(peer), encodeKnock("Mallory"), false);
  await seconds(1);
  expect([host, guest].map(({ door }) => door.state.value.waiting)).toEqual([[], []]);
});

test("rules that the broker has forgotten hold no longer once we are connected to it again (D7)", async () => {
  const broker = new FakeBroker();
  const server = new FakeDoorServer(broker);
  server.rule({ locked: true, muted: ["a"] });
  const room = await join(broker, "Ada", TOKEN_ROOM);
  const link = broker.cut("ada");
  await seconds(20);
  link.connect();
  await seconds(10);
  expect(room.door.state.value).toMatchObject({ rules: { locked: true }, ownMuted: ["microphone"] });
  broker.cut("ada");
  broker.retained.delete(scheme.rules);
  await seconds(5);
  expect(room.door.state.value.rules.locked).toBe(true);
  link.connect();
  await seconds(4);
  expect(room.door.state.value).toMatchObject({ rules: { locked: false }, ownMuted: [] });
});
