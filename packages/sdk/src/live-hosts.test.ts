import { type HandOver, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { giversTo, heirsOf, livePath, newerPath, placeIn, shownHosts } from "./live-hosts.ts";

const [ada, bob, cem] = [topicLevel("ada"), topicLevel("bob"), topicLevel("cem")];

function step(from: typeof ada, to: typeof ada | undefined, number: number, keep = false): HandOver {
  const heir = to && { to: { peer: to, key: `key of ${to}` } };
  return { key: `key of ${from}`, from, keep, number, signature: `${from} ${to} ${number} ${keep}`, ...heir };
}

const toBob = step(ada, bob, 1);
const toCem = step(bob, cem, 2);
const here = () => true;

test("of two paths, the first step that differs decides, whatever came of the older one (H7)", () => {
  const toCemInstead = step(ada, cem, 5);
  const back = step(ada, undefined, 9);
  expect(newerPath([], [toBob])).toEqual([toBob]);
  expect(newerPath([toBob], [toBob, toCem])).toEqual([toBob, toCem]);
  expect(newerPath([toBob, toCem], [toBob])).toEqual([toBob, toCem]);
  expect(newerPath([toBob, toCem], [toCemInstead])).toEqual([toCemInstead]);
  expect(newerPath([toCemInstead], [toBob, toCem])).toEqual([toCemInstead]);
  expect(newerPath([toBob, toCem], [back])).toEqual([back]);
  expect(newerPath([back], [toBob, toCem])).toEqual([back]);
  expect(newerPath([toBob, toCem], [toBob, step(bob, undefined, 2)])).toEqual([toBob, toCem]);
});

test("the order in which paths are heard does not matter (H7)", () => {
  const paths = [
    [toBob],
    [toBob, toCem],
    [step(ada, cem, 5)],
    [step(ada, undefined, 9)],
    [toBob, step(bob, undefined, 8)],
  ];
  const heard = (order: readonly (readonly HandOver[])[]) => order.reduce(newerPath, []);
  for (const first of paths) {
    expect(heard([first, ...paths])).toEqual([step(ada, undefined, 9)]);
    expect(heard([...paths.toReversed(), first])).toEqual([step(ada, undefined, 9)]);
  }
});

test("the role ends with who is not here, and with who gave it back (H7)", () => {
  const path = [toBob, toCem];
  expect(heirsOf(livePath(path, here)).map(({ peer }) => peer)).toEqual([bob, cem]);
  expect(livePath(path, (peer) => peer !== bob)).toEqual([]);
  expect(livePath(path, (peer) => peer !== cem)).toEqual([toBob]);
  expect(livePath([toBob, step(bob, undefined, 3)], here)).toEqual([toBob]);
});

test("hosts are those who did not give the role away (H8)", () => {
  expect(shownHosts([], [ada])).toEqual([ada]);
  expect(shownHosts([toBob], [ada])).toEqual([bob]);
  expect(shownHosts([step(ada, bob, 1, true)], [ada])).toEqual([ada, bob]);
  expect(shownHosts([toBob, toCem], [ada])).toEqual([cem]);
  expect(shownHosts([step(ada, bob, 1, true), step(bob, cem, 2, true)], [ada])).toEqual([ada, bob, cem]);
});

test("whoever gave the role keeps its place before those who got it (H9)", () => {
  const live = [toBob, toCem];
  expect(placeIn(live, { own: ada, hasKey: true })).toBe(0);
  expect(placeIn(live, { own: bob, hasKey: false })).toBe(1);
  expect(placeIn(live, { own: "dan", hasKey: false })).toBeUndefined();
  expect(giversTo(live, "key of cem")).toEqual([ada, bob]);
  expect(giversTo(live, "key of bob")).toEqual([ada]);
  expect(giversTo(live, "key of ada")).toEqual([]);
});
