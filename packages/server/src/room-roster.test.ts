import { encodeState, type State, writePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { RoomRoster } from "./room-roster.ts";

const state = (changes: Partial<State> = {}): Uint8Array =>
  encodeState({
    v: 1,
    name: "Ada",
    kind: "person",
    joinedAtMs: 0,
    incarnation: 5,
    status: "here",
    decodes: { video: [], audio: [] },
    heartbeat: 0,
    ...changes,
  });

test("RoomRoster tells each join and each leave once", () => {
  const roster = new RoomRoster();
  const ada = { room: "R", peer: "P", name: "Ada" };
  expect(roster.observe("mm/1/R/P/state", state())).toEqual({ type: "joined", ...ada, present: 1 });
  expect(roster.observe("mm/1/R/P/state", state({ heartbeat: 1, name: "Ada L." }))).toBeUndefined();
  expect(roster.observe("mm/1/R/Q/state", state({ name: "Bob" }))).toMatchObject({ name: "Bob", present: 2 });
  expect(roster.observe("mm/1/S/P/state", state())).toMatchObject({ room: "S", present: 1 });
  const gone = roster.observe("mm/1/R/P/state", state({ status: "gone" }));
  expect(gone).toEqual({ type: "left", ...ada, name: "Ada L.", present: 1 });
  expect(roster.observe("mm/1/R/P/state", new Uint8Array(0))).toBeUndefined();
});

test("RoomRoster takes a cleared state for a leave", () => {
  const roster = new RoomRoster();
  roster.observe("mm/1/R/P/state", state());
  expect(roster.observe("mm/1/R/P/state", new Uint8Array(0))).toMatchObject({ type: "left", present: 0 });
  expect(roster.observe("mm/1/R/P/state", state())).toMatchObject({ type: "joined" });
});

test("RoomRoster ignores an old will (S7)", () => {
  const roster = new RoomRoster();
  roster.observe("mm/1/R/P/state", state({ incarnation: 6 }));
  expect(roster.observe("mm/1/R/P/state", state({ status: "gone", incarnation: 5 }))).toBeUndefined();
  expect(roster.observe("mm/1/R/P/state", state({ status: "gone", incarnation: 6 }))).toMatchObject({ type: "left" });
});

test("RoomRoster ignores what is no state", () => {
  const roster = new RoomRoster();
  for (const topic of ["mm/1/R/P/catalog", "mm/1/R/all/P", "mm/1//P/state", "mm/1/a b/P/state", "mm/1", "x", ""]) {
    expect(roster.observe(topic, state())).toBeUndefined();
  }
  expect(roster.observe("mm/1/R/P/state", new TextEncoder().encode('{"v":1}'))).toBeUndefined();
});

test("RoomRoster sees of an encrypted room only that somebody is there (E4)", () => {
  const roster = new RoomRoster();
  const sealed = (will: boolean) => {
    const flags = { keyFrame: false, lastFragment: true, encrypted: true, discardable: false, rootKeyed: true };
    return writePacket({ ...flags, will, fragment: 0, frame: 1, timestampUs: 1 }, new Uint8Array(300));
  };
  expect(roster.observe("mm/1/R/P/state", sealed(false))).toMatchObject({ type: "joined", name: "", present: 1 });
  expect(roster.observe("mm/1/R/P/state", sealed(false))).toBeUndefined();
  expect(roster.observe("mm/1/R/P/state", sealed(true))).toMatchObject({ type: "left", name: "", present: 0 });
});
