import { expect, test } from "vitest";
import { raisedHands } from "./hands.ts";

test("raisedHands has those whose hand is up, the first to raise it first, ourselves among them", () => {
  const people = [
    { peer: "a", name: "Ada", handAtMs: 300 },
    { peer: "b", name: "Ben", handAtMs: undefined },
    { peer: "c", name: "Chloé", handAtMs: 100 },
  ];
  const own = { peer: "me", name: "Me", atMs: 200 };
  expect(raisedHands(people, own).map(({ peer }) => peer)).toEqual(["c", "me", "a"]);
  expect(raisedHands(people, undefined).map(({ peer }) => peer)).toEqual(["c", "a"]);
});
