import { expect, test } from "vitest";
import { KnockList } from "./knock-list.ts";

const nobodyInside = () => false;
const names = (list: KnockList) => list.waiting.map(({ name }) => name);

test("KnockList keeps the order of arrival and the time of the first knock, whoever knocks last", () => {
  const list = new KnockList();
  list.knock("a", "Ada", 1_000);
  list.knock("b", "Bob", 2_000);
  const before = list.waiting;
  list.knock("a", "Ada", 6_000);
  expect(list.waiting).toBe(before);
  expect(list.waiting).toEqual([
    { peer: "a", name: "Ada", sinceMs: 1_000 },
    { peer: "b", name: "Bob", sinceMs: 2_000 },
  ]);
  list.knock("b", "Robert", 7_000);
  expect(names(list)).toEqual(["Ada", "Robert"]);
});

test("KnockList drops who has not knocked for 12 s, gives up, or is inside", () => {
  const list = new KnockList();
  for (const [i, peer] of ["a", "b", "c"].entries()) list.knock(peer, peer, i * 1_000);
  list.check(nobodyInside, 12_000);
  expect(names(list)).toEqual(["a", "b", "c"]);
  list.check(nobodyInside, 12_001);
  expect(names(list)).toEqual(["b", "c"]);
  list.check((peer) => peer === "b", 12_002);
  expect(names(list)).toEqual(["c"]);
  list.remove("c");
  expect(names(list)).toEqual([]);
});

test("KnockList refuses the newest of more than a hundred, and takes it once there is room", () => {
  const list = new KnockList();
  for (let i = 0; i < 101; i++) list.knock(`p${i}`, `${i}`, 0);
  expect(list.waiting).toHaveLength(100);
  expect(names(list).at(-1)).toBe("99");
  list.remove("p3");
  list.knock("p100", "100", 5_000);
  expect(names(list).at(-1)).toBe("100");
});

test("KnockList does not show again whom a host has answered, unless the answer came to nothing", () => {
  const list = new KnockList();
  list.knock("a", "Ada", 0);
  list.answer("a", 1_000);
  list.knock("a", "Ada", 2_000);
  expect(names(list)).toEqual([]);
  list.check(nobodyInside, 13_000);
  list.knock("a", "Ada", 13_001);
  expect(list.waiting).toEqual([{ peer: "a", name: "Ada", sinceMs: 13_001 }]);
});

test("KnockList forgets nobody over a time in which nothing could be heard", () => {
  const list = new KnockList();
  list.knock("a", "Ada", 0);
  list.refresh(30_000);
  list.check(nobodyInside, 40_000);
  expect(list.waiting).toEqual([{ peer: "a", name: "Ada", sinceMs: 0 }]);
});
