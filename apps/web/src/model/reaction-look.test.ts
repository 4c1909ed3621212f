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

test.each([
  [1440, 18],
  [390, 9],
  [60, 3],
])("on a stage %i px wide, %i reactions in a row have places of their own within it", (widthPx, count) => {
  const places = Array.from({ length: count }, (_, index) => reactionPlace(index + 41, widthPx));
  for (const [index, a] of places.entries()) {
    expect(a.leftPx === 0 || a.leftPx + 96 <= widthPx).toBe(true);
    for (const b of places.slice(index + 1)) {
      expect(Math.abs(a.leftPx - b.leftPx) >= 96 || Math.abs(a.bottomPx - b.bottomPx) >= 80).toBe(true);
    }
  }
});
