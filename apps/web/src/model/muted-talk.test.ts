import { expect, test } from "vitest";
import { MutedTalk } from "./muted-talk.ts";

/** Whether it was said while `levels` were heard, one every 200 ms from `startMs`. */
function hearAll(talk: MutedTalk, levels: readonly number[], startMs = 0): boolean {
  return levels.map((level, index) => talk.hear(level, startMs + index * 200)).includes(true);
}

test("MutedTalk notices a sentence, once in half a minute", () => {
  const talk = new MutedTalk();
  expect(hearAll(talk, [0.4, 0.5, 0.1, 0.4, 0.5])).toBe(true);
  expect(hearAll(talk, [0.4, 0.5, 0.4, 0.5, 0.4], 5_000)).toBe(false);
  expect(hearAll(talk, [0.4, 0.5, 0.4, 0.5, 0.4], 40_000)).toBe(true);
});

test("MutedTalk lets a cough pass, and quiet noise of any length", () => {
  expect(hearAll(new MutedTalk(), [0, 0.9, 0.8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.9, 0])).toBe(false);
  expect(
    hearAll(
      new MutedTalk(),
      Array.from({ length: 100 }, () => 0.1),
    ),
  ).toBe(false);
});
