import { expect, test } from "vitest";
import { Speaking } from "./speaking.ts";

test("Speaking holds over a pause between words, then lets go", () => {
  const speaking = new Speaking();
  expect([...speaking.update(new Map([["a", 0.5]]), 0)]).toEqual(["a"]);
  expect([...speaking.update(new Map([["a", 0]]), 400)]).toEqual(["a"]);
  expect([...speaking.update(new Map([["a", 0]]), 800)]).toEqual([]);
});

test("Speaking is deaf to breath, forgets who left, and gives the same set while nothing changes", () => {
  const speaking = new Speaking();
  expect([...speaking.update(new Map([["a", 0.02]]), 0)]).toEqual([]);
  const first = speaking.update(new Map([["b", 0.5]]), 100);
  expect(speaking.update(new Map([["b", 0.9]]), 200)).toBe(first);
  expect([...speaking.update(new Map(), 1000)]).toEqual([]);
});
