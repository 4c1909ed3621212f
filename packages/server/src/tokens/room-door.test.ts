import { MAX_MUTED_PEERS, type PeerId, topicLevel } from "@mqtt-meet/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Holder, RoomDoor } from "./room-door.ts";
import { standingOf } from "./standing-of.ts";

const NOBODY: ReadonlySet<PeerId> = new Set();
const holder = (peer: string, more: Partial<Holder> = {}): Holder => ({
  ...{ peer: topicLevel(peer), ticket: `of ${peer}`, isAdmin: false, mustWait: false, expiresAtS: 1000, ...more },
});

test("standingOf says who comes in, whatever else is so (D1)", () => {
  const stranger = { isAdmin: false, mustWait: false, isKnown: false, isTicketKnown: false };
  const open = { locked: false, waiting: false };
  expect(standingOf(stranger, open)).toBe("in");
  expect(standingOf({ ...stranger, mustWait: true }, open)).toBe("waiting");
  expect(standingOf(stranger, { locked: false, waiting: true })).toBe("waiting");
  const flag = fc.boolean();
  const visit = fc.record({ isAdmin: flag, mustWait: flag, isKnown: flag, isTicketKnown: flag });
  fc.assert(
    fc.property(visit, flag, (who, waiting) => {
      if (who.isAdmin || who.isKnown) expect(standingOf(who, { locked: true, waiting })).toBe("in");
      else expect(standingOf(who, { locked: true, waiting })).toBe(who.isTicketKnown ? "waiting" : "locked");
    }),
  );
});

test("RoomDoor knows who was inside until its invitation has expired, and who else came with it (D1)", () => {
  const door = new RoomDoor();
  const [ada, again] = [holder("ada"), holder("again", { ticket: "of ada" })];
  door.entered(ada, NOBODY);
  expect(door.rule({ locked: true })).toBe(true);
  expect(door.rule({ locked: true })).toBe(false);
  expect([ada, again, holder("eve")].map((each) => door.standing(each))).toEqual(["in", "waiting", "locked"]);
  door.admit(topicLevel("eve"), 500);
  expect(door.standing(holder("eve"))).toBe("in");
  expect(door.expire(500)).toBe(false);
  expect([ada, again, holder("eve")].map((each) => door.standing(each))).toEqual(["in", "waiting", "locked"]);
  door.expire(1000);
  expect([ada, again].map((each) => door.standing(each))).toEqual(["locked", "locked"]);
  expect([door.forgetRules(), door.forgetRules(), door.expire(1000)]).toEqual([true, false, true]);
  expect(door.standing(again)).toBe("in");
});

test("RoomDoor remembers 500, and the first wait again (D1)", () => {
  const door = new RoomDoor();
  for (let index = 0; index <= 500; index++) door.entered(holder(`p${index}`), NOBODY);
  door.rule({ locked: true });
  expect([0, 1, 500].map((index) => door.standing(holder(`p${index}`)))).toEqual(["locked", "in", "in"]);
});

test("RoomDoor forbids kinds to one, to all, and to nobody who is a host (D5, D6)", () => {
  const door = new RoomDoor();
  const [ada, eve, chair] = [holder("ada"), holder("eve"), holder("chair", { isAdmin: true })];
  for (const each of [ada, eve, chair]) door.entered(each, NOBODY);
  const muted = () =>
    [ada, eve, chair].map((each) => (["a", "v", "s"] as const).filter((kind) => door.isMuted(each, kind)));
  expect(door.mute(ada.peer, ["a"], NOBODY)).toBe(true);
  expect(door.mute(ada.peer, ["a"], NOBODY)).toBe(false);
  expect(door.mute(chair.peer, ["a"], NOBODY)).toBe(false);
  expect(muted()).toEqual([["a"], [], []]);
  door.rule({ muted: ["s"] });
  expect(muted()).toEqual([["a", "s"], ["s"], []]);
  door.mute(ada.peer, [], NOBODY);
  expect(muted()).toEqual([["s"], ["s"], []]);
  expect([door.rules.number, door.rules.mutedPeers.size]).toEqual([3, 0]);
});

test("RoomDoor takes all peers of an invitation for one person, and none of them pushes others out (D6, D7)", () => {
  const door = new RoomDoor();
  const ofAda = (peer: string) => holder(peer, { ticket: "of ada" });
  const [first, beside, eve] = [ofAda("first"), ofAda("beside"), holder("eve")];
  for (const each of [first, beside, eve]) door.entered(each, NOBODY);
  door.mute(eve.peer, ["a"], NOBODY);
  door.mute(first.peer, ["v"], new Set([first.peer, beside.peer, eve.peer]));
  expect([...door.rules.mutedPeers]).toEqual([
    [eve.peer, ["a"]],
    [beside.peer, ["v"]],
    [first.peer, ["v"]],
  ]);
  for (let load = 0; load < 2 * MAX_MUTED_PEERS; load++) {
    const next = ofAda(`load${load}`);
    expect(door.entered(next, new Set([next.peer, beside.peer]))).toBe(true);
    expect([door.isMuted(next, "v"), door.isMuted(next, "a")]).toEqual([true, false]);
  }
  expect([...door.rules.mutedPeers.keys()]).toEqual([eve.peer, beside.peer, "load199"]);
  door.mute(topicLevel("load199"), [], new Set([beside.peer]));
  expect([beside, ofAda("new")].map((each) => door.isMuted(each, "v"))).toEqual([false, false]);
  expect(door.entered(ofAda("new"), NOBODY)).toBe(false);
});

test("RoomDoor names the last hundred, and has not forgotten the others (D7)", () => {
  const door = new RoomDoor();
  const people = Array.from({ length: MAX_MUTED_PEERS + 1 }, (_, index) => holder(`p${index}`));
  for (const each of people) {
    door.entered(each, NOBODY);
    door.mute(each.peer, ["a"], NOBODY);
  }
  expect([...door.rules.mutedPeers.keys()]).toEqual(people.slice(1).map(({ peer }) => peer));
  expect(people.every((each) => door.isMuted(each, "a"))).toBe(true);
});

test("RoomDoor takes over newer rules, and no older ones (D7)", () => {
  const [door, other] = [new RoomDoor(), new RoomDoor()];
  const ada = holder("ada");
  door.rule({ locked: true });
  door.mute(ada.peer, ["s"], NOBODY);
  const newer = door.rules;
  other.heard(newer);
  other.entered(ada, NOBODY);
  expect([other.standing(holder("eve")), other.isMuted(ada, "s")]).toEqual(["locked", true]);
  expect(other.isMuted(holder("again", { ticket: "of ada" }), "s")).toBe(true);
  other.rule({ locked: false });
  other.heard(newer);
  expect(other.rules).toMatchObject({ number: 3, locked: false });
  other.heard({ ...newer, number: Number.MAX_SAFE_INTEGER });
  other.rule({ waiting: true });
  expect(other.rules).toMatchObject({ number: Number.MAX_SAFE_INTEGER, locked: true, waiting: true });
});
