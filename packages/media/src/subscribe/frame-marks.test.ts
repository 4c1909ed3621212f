import { expect, test } from "vitest";
import { FrameMarks } from "./frame-marks.ts";

const PLAIN = { lost: false, pauseMs: undefined };

test("a frame that the decoder hands out in two blocks is in the pause with both (F9)", () => {
  const marks = new FrameMarks();
  marks.begin({ timestampUs: 20_000, durationUs: 20_000 }, { lost: false, pauseMs: 420 });
  expect(marks.at(0)).toEqual(PLAIN);
  expect(marks.at(20_000)).toEqual({ lost: false, pauseMs: 420 });
  expect(marks.at(30_000)).toEqual({ lost: false, pauseMs: 420 });
  expect(marks.at(40_000)).toEqual(PLAIN);
});

test("a loss is told once, with the first block after it, also when that frame itself never comes out", () => {
  const marks = new FrameMarks();
  marks.begin({ timestampUs: 40_000, durationUs: 20_000 }, { lost: true, pauseMs: undefined });
  expect(marks.at(60_000)).toEqual({ lost: true, pauseMs: undefined });
  expect(marks.at(80_000)).toEqual(PLAIN);
});

test("a loss before a sign is told once, and the sign with every block", () => {
  const marks = new FrameMarks();
  marks.begin({ timestampUs: 40_000, durationUs: 20_000 }, { lost: true, pauseMs: 420 });
  expect(marks.at(40_000)).toEqual({ lost: true, pauseMs: 420 });
  expect(marks.at(50_000)).toEqual({ lost: false, pauseMs: 420 });
});

test("no more than fifty frames are remembered", () => {
  const marks = new FrameMarks();
  for (let i = 0; i < 60; i++) {
    marks.begin({ timestampUs: i * 20_000, durationUs: 20_000 }, { lost: false, pauseMs: 420 });
  }
  expect(marks.at(9 * 20_000)).toEqual(PLAIN);
  expect(marks.at(10 * 20_000)).toEqual({ lost: false, pauseMs: 420 });
});
