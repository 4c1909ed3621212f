import {
  type DoorOrder,
  encodeOrder,
  type PeerId,
  parseRoomRules,
  parseStanding,
  TopicScheme,
  topicLevel,
} from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { DoorKeeper, type RoomHolder } from "./door-keeper.ts";

const R = topicLevel("standup");
const topics = new TopicScheme(R);
const CHAIR = topicLevel("chair");
const KNOCK = new Uint8Array(300);

const holder = (peer: string, more: Partial<RoomHolder> = {}): RoomHolder => ({
  ...{ room: R, peer: topicLevel(peer), ticket: peer, isAdmin: false, mustWait: false, expiresAtS: 10_000, ...more },
});

/** A keeper, what it says, and what it is told. */
function keeperRig(isOccupied: () => boolean = () => false) {
  const said: unknown[] = [];
  const keeper = new DoorKeeper({
    isOccupied,
    say: (topic, payload, { retain }) => {
      if (topic === topics.rules) said.push(["rules", retain, parseRoomRules(payload)]);
      else said.push([topic, retain, parseStanding(payload)]);
    },
  });
  const hear = (topic: string, payload: Uint8Array, nowS: number) => {
    const parsed = topics.parse(topic);
    if (parsed) keeper.heard(R, parsed, { payload, nowS });
  };
  const enter = (peer: RoomHolder, isAtDoor = false) => {
    const client = { clientId: peer.peer };
    keeper.connected(client, { holder: peer, isAtDoor });
    return () => keeper.disconnected(client, peer);
  };
  return {
    ...{ keeper, hear, enter },
    order: (to: PeerId | undefined, order: DoorOrder, nowS: number) =>
      hear(topics.order(to, CHAIR), encodeOrder(order), nowS),
    said: () => said.splice(0),
  };
}

test("DoorKeeper answers a knock once a second, and nobody who is not at its own door (D4)", () => {
  const { hear, enter, said, order } = keeperRig();
  const ada = holder("ada", { mustWait: true });
  const leave = enter(ada, true);
  const knock = (nowS: number, payload = KNOCK) => hear(topics.knock(ada.peer), payload, nowS);
  for (const atS of [10, 10.2, 10.9]) knock(atS);
  expect(said()).toEqual([[topics.standing(ada.peer), false, "waiting"]]);
  knock(11.1);
  knock(15, new Uint8Array(0));
  hear(topics.knock(topicLevel("eve")), KNOCK, 15);
  expect(said()).toEqual([[topics.standing(ada.peer), false, "waiting"]]);
  order(undefined, { waiting: true }, 16); // nothing new for who waits already
  expect(said()).toEqual([["rules", true, expect.objectContaining({ waiting: true })]]);
  order(ada.peer, { admitted: true }, 16.1);
  order(ada.peer, { admitted: true }, 16.2);
  expect(said()).toEqual([[topics.standing(ada.peer), false, "in"]]);
  leave();
  knock(20);
  expect(said()).toEqual([]);
});

test("DoorKeeper keeps somebody at the door who came back before the old connection had ended (D2)", () => {
  const { hear, enter, said } = keeperRig();
  const ada = holder("ada", { mustWait: true });
  const leaveFirst = enter(ada, true);
  enter(ada, true);
  leaveFirst();
  hear(topics.knock(ada.peer), KNOCK, 10);
  expect(said()).toEqual([[topics.standing(ada.peer), false, "waiting"]]);
});

test("DoorKeeper forgets rules when nobody was in the room for ten minutes, and not before (D7)", () => {
  let isElsewhere = false;
  const { keeper, enter, said, order } = keeperRig(() => isElsewhere);
  const leave = enter(holder("ada"));
  order(undefined, { locked: true }, 0);
  said();
  keeper.sweep(5_000);
  leave();
  isElsewhere = true; // through another server
  keeper.sweep(6_000);
  keeper.sweep(7_000);
  isElsewhere = false;
  keeper.sweep(7_100);
  enter(holder("ada"))(); // in again, for a moment
  keeper.sweep(7_150);
  keeper.sweep(7_749);
  expect([said(), keeper.standing(holder("eve"))]).toEqual([[], "locked"]);
  enter(holder("eve"), true);
  keeper.sweep(7_750);
  expect(said()).toEqual([
    ["rules", true, expect.objectContaining({ number: 0, locked: false })],
    [topics.standing(topicLevel("eve")), false, "in"],
  ]);
  expect(keeper.standing(holder("eve"))).toBe("in");
});

test("DoorKeeper says again what another server has cleared while somebody is inside (D7)", () => {
  const { hear, enter, said, order } = keeperRig();
  const leave = enter(holder("ada"));
  order(undefined, { locked: true }, 0);
  said();
  hear(topics.rules, new Uint8Array(0), 1);
  expect(said()).toEqual([["rules", true, expect.objectContaining({ number: 1, locked: true })]]);
  leave();
  hear(topics.rules, new Uint8Array(0), 2);
  expect(said()).toEqual([]);
});

test("DoorKeeper lets in who was inside at another server, as its state says (D1)", () => {
  const { keeper, hear, order } = keeperRig();
  order(undefined, { locked: true }, 0);
  expect(keeper.standing(holder("ada"))).toBe("locked");
  hear(topics.state(topicLevel("ada")), new Uint8Array(0), 1); // has left
  expect(keeper.standing(holder("ada"))).toBe("locked");
  hear(topics.state(topicLevel("ada")), KNOCK, 2);
  expect([keeper.standing(holder("ada")), keeper.standing(holder("eve"))]).toEqual(["in", "locked"]);
});

test("DoorKeeper does nothing on what is malformed (J2, D5, D7)", () => {
  const { keeper, hear, said } = keeperRig();
  for (const text of ["", "{", "[]", '{"locked":1}', '{"muted":"a"}', '{"admitted":false}', "x".repeat(600)]) {
    const payload = new TextEncoder().encode(text);
    for (const topic of [topics.order(undefined, CHAIR), topics.order(CHAIR, CHAIR), topics.rules])
      hear(topic, payload, 1);
  }
  expect([said(), keeper.standing(holder("eve"))]).toEqual([[], "in"]);
});
