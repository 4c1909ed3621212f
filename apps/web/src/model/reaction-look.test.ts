import type { Reaction } from "@mqtt-meet/sdk";
import { expect, test } from "vitest";
import { newReactions, reactionPlace } from "./reaction-look.ts";

const reaction = (id: number, part: Partial<Reaction>): Reaction => {
  return { id, from: "p", name: "Mei", own: false, kind: "like", atMs: 0, ...part };
};

test("newReactions groups by kind, names everybody once, and leaves out what is ours or was said", () => {
  const shown = [
    reaction(1, { kind: "love" }),
    reaction(2, {}),
    reaction(3, { name: "Jonas" }),
    reaction(4, {}),
    reaction(5, { own: true, name: "Me" }),
    reaction(6, { kind: "laugh" }),
  ];
  expect(newReactions(shown, 1)).toEqual([
    { kind: "like", names: ["Mei", "Jonas"] },
    { kind: "laugh", names: ["Mei"] },
  ]);
  expect(newReactions(shown, 6)).toEqual([]);
});

test("reactionPlace puts ten in a row at ten places on the left", () => {
  const places = Array.from({ length: 10 }, (_, id) => reactionPlace(id));
  expect(new Set(places).size).toBe(10);
  expect(Math.max(...places)).toBeLessThan(0.45);
});
