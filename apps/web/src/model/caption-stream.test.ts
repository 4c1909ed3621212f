import { expect, test } from "vitest";
import { CaptionStream } from "./caption-stream.ts";

test("CaptionStream sends a sentence that grows now and then, and its end at once (M10)", () => {
  const stream = new CaptionStream();
  const hear = (words: string, nowMs: number, isFinal = false) => stream.hear(words, { isFinal, nowMs });
  expect(hear("good", 0)).toEqual({ number: 1, text: "good" });
  expect(hear("good mor", 100)).toBeUndefined();
  expect(hear("good morning ", 600)).toEqual({ number: 1, text: "good morning" });
  expect(hear("good morning", 2_000)).toBeUndefined();
  expect(hear("Good morning.", 2_010, true)).toEqual({ number: 1, text: "Good morning." });
  expect(hear(" ", 2_020)).toBeUndefined();
  expect(hear("again", 2_700)).toEqual({ number: 2, text: "again" });
  expect(hear("again", 2_710, true)).toBeUndefined();
  expect(hear("again", 2_720, true)).toEqual({ number: 3, text: "again" });
});
