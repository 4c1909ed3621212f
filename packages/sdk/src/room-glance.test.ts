import { encodeState, newPeer, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { newEncryptionKeys } from "./e2ee/encryption-keys.ts";
import { RoomGlance } from "./room-glance.ts";
import { FakeBroker } from "./testing/fake-broker.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();
const setImmediateOfNode = setImmediate;

async function lookAt(broker: FakeBroker, secret?: Uint8Array<ArrayBuffer>) {
  const { peer } = await newPeer();
  const keys = secret && (await newEncryptionKeys(secret));
  const options = { room: topicLevel("room"), own: peer, keys, openLink: broker.open, nowMs: () => Date.now() };
  const glance = new RoomGlance(options);
  const names = () => glance.participants.value.map(({ name }) => name);
  /** Time passes, and what is decrypted elsewhere arrives. */
  const pass = async (count: number) => {
    for (let step = 0; step < 10; step++) {
      await seconds(count / 10);
      glance.check();
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediateOfNode(resolve));
    }
  };
  return { peer, glance, names, pass };
}

test("RoomGlance sees who is inside, who comes and who leaves, and nobody sees it", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const { peer, glance, names, pass } = await lookAt(broker);
  await pass(1);
  expect(names()).toEqual(["Ada"]);
  const bob = await join(broker, "Bob");
  await pass(1);
  expect(names()).toEqual(["Ada", "Bob"]);
  await ada.leave();
  await pass(1);
  expect(names()).toEqual(["Bob"]);
  expect(bob.participants.value).toEqual([]);
  expect(broker.log.filter(({ topic }) => topic.includes(peer))).toEqual([]);
  await glance.close();
});

test("RoomGlance forgets whom it no longer hears, as everybody does (S4)", async () => {
  const broker = new FakeBroker();
  await join(broker, "Ada");
  const { glance, names, pass } = await lookAt(broker);
  await pass(1);
  broker.lose = ({ topic }) => topic.endsWith("/state");
  await pass(25);
  expect(names()).toEqual([]);
  await glance.close();
});

test("RoomGlance reads nothing in an encrypted room that is not encrypted (E4, E13)", async () => {
  const broker = new FakeBroker();
  const { glance, names, pass } = await lookAt(broker, new Uint8Array(32).fill(7));
  const state = encodeState({
    ...{ v: 1, name: "Eve", kind: "person", joinedAtMs: 1, incarnation: 1, status: "here", heartbeat: 1 },
    decodes: { video: [], audio: [] },
  });
  broker.publish("mm/1/room/eve/state", state, true);
  await pass(1);
  expect(names()).toEqual([]);
  await glance.close();
});
