import { type PeerId, type State, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { MAX_PARTICIPANTS, Roster } from "./roster.ts";

const own = topicLevel("own");
const ada = topicLevel("ada");

function state(changes: Partial<State> = {}): State {
  return {
    v: 1,
    name: "Ada",
    kind: "person",
    joinedAtMs: 1,
    incarnation: 1,
    status: "here",
    decodes: { video: ["vp8"], audio: ["opus"] },
    heartbeat: 1,
    ...changes,
  };
}

const status = (roster: Roster, peer: PeerId = ada) => roster.entries().find((entry) => entry.peer === peer)?.status;

test("Roster shows who is there, in the order of joining, without ourselves", () => {
  const roster = new Roster(own);
  expect(roster.apply(own, state(), 0)).toBe("none");
  expect(roster.apply(topicLevel("late"), state({ joinedAtMs: 9 }), 0)).toBe("joined");
  expect(roster.apply(ada, state(), 0)).toBe("joined");
  expect(roster.entries().map(({ peer }) => peer)).toEqual(["ada", "late"]);
});

test("Roster counts a heartbeat as a sign of life and as no change", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  expect(roster.apply(ada, state({ heartbeat: 2 }), 5_000)).toBe("none");
  expect(roster.apply(ada, state({ heartbeat: 3, name: "Ada L." }), 6_000)).toBe("changed");
  expect(roster.expire(14_000)).toEqual({ gone: [], changed: false });
});

test("Roster: silence makes reconnecting after 8 s, gone after 20 s, and any message live again", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  expect(roster.expire(8_001)).toEqual({ gone: [], changed: true });
  expect(status(roster)).toBe("reconnecting");
  expect(roster.heard(ada, 9_000)).toBe("changed");
  expect(status(roster)).toBe("live");
  expect(roster.expire(29_001)).toEqual({ gone: [ada], changed: true });
  expect(roster.apply(ada, state({ heartbeat: 7 }), 30_000)).toBe("joined");
});

test("Roster: a stale repetition is no sign of life", () => {
  const roster = new Roster(own);
  roster.apply(ada, state({ heartbeat: 4 }), 0);
  expect(roster.apply(ada, state({ heartbeat: 4 }), 19_000)).toBe("none");
  expect(roster.expire(20_001).gone).toEqual([ada]);
});

test("Roster: a will sent at once leaves 8 s to come back", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  expect(roster.apply(ada, state({ status: "gone" }), 1_000)).toBe("changed");
  expect(status(roster)).toBe("reconnecting");
  expect(roster.heard(ada, 2_000)).toBe("none");
  expect(roster.expire(7_999).gone).toEqual([]);
  expect(roster.apply(ada, state({ incarnation: 2, heartbeat: 2 }), 7_999)).toBe("changed");
  expect(status(roster)).toBe("live");
  expect(roster.expire(9_000).gone).toEqual([]);
});

test("Roster: after a will, who does not come back is gone", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  roster.apply(ada, state({ status: "gone" }), 1_000);
  expect(roster.expire(8_000).gone).toEqual([ada]);
});

test("Roster: a will that the broker held back ends it at once", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  expect(roster.apply(ada, state({ status: "gone" }), 9_000)).toBe("left");
  expect(roster.size).toBe(0);
});

test("Roster: the will of an older incarnation removes nobody, nor does its late state come back", () => {
  const roster = new Roster(own);
  roster.apply(ada, state({ incarnation: 2, name: "new" }), 0);
  expect(roster.apply(ada, state({ incarnation: 1, status: "gone" }), 100)).toBe("none");
  expect(roster.apply(ada, state({ incarnation: 1, heartbeat: 9, name: "old" }), 100)).toBe("none");
  expect(roster.state(ada)?.name).toBe("new");
  expect(status(roster)).toBe("live");
});

test("Roster: who left stays away, whatever arrives late", () => {
  const roster = new Roster(own);
  roster.apply(ada, state({ heartbeat: 3 }), 0);
  expect(roster.leave(ada)).toBe("left");
  expect(roster.leave(ada)).toBe("none");
  expect(roster.apply(ada, state({ heartbeat: 3 }), 10)).toBe("none");
  expect(roster.apply(ada, state({ heartbeat: 2 }), 10)).toBe("none");
  expect(roster.apply(ada, state({ heartbeat: 4 }), 10)).toBe("joined");
});

test("Roster: a cleared state says nothing, except after a gone state (S6)", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  expect(roster.cleared(ada)).toBe("none");
  expect(status(roster)).toBe("live");
  roster.apply(ada, state({ status: "gone" }), 10);
  expect(roster.cleared(ada)).toBe("left");
});

test("Roster: a gone state of somebody unknown adds nobody", () => {
  const roster = new Roster(own);
  expect(roster.apply(ada, state({ status: "gone" }), 0)).toBe("none");
  expect(roster.size).toBe(0);
});

test("Roster: our own time without a connection is held against nobody", () => {
  const roster = new Roster(own);
  roster.apply(ada, state(), 0);
  roster.refresh(60_000);
  expect(roster.expire(60_100)).toEqual({ gone: [], changed: false });
  expect(roster.expire(80_001).gone).toEqual([ada]);
});

test("Roster is bounded", () => {
  const roster = new Roster(own);
  for (let i = 0; i < MAX_PARTICIPANTS; i++) roster.apply(topicLevel(`p${i}`), state(), 0);
  expect(roster.apply(ada, state(), 0)).toBe("full");
  expect(roster.apply(topicLevel("p1"), state({ heartbeat: 2, name: "B" }), 0)).toBe("changed");
  roster.leave(topicLevel("p1"));
  expect(roster.apply(ada, state(), 0)).toBe("joined");
});
