import { expect, test } from "vitest";
import { SoundTimes } from "./sound-times.ts";

const FRAME_US = 20_000;

test("after a gap, frames of a codec that counts samples keep their capture times", () => {
  const times = new SoundTimes();
  const captured = [0, 20_000, 40_000, 1_060_000, 1_080_000];
  for (const us of captured) times.begin(5_000_000 + us, FRAME_US);
  const out = captured.map((_, i) => times.end(5_000_000 + i * FRAME_US));
  expect(out).toEqual(captured.map((us) => 5_000_000 + us));
});

test("so do those of a codec that hands times through", () => {
  const times = new SoundTimes();
  const captured = [0, 20_000, 1_060_000, 1_080_000].map((us) => 5_000_000 + us);
  for (const us of captured) times.begin(us, FRAME_US);
  expect(captured.map((us) => times.end(us))).toEqual(captured);
});

test("what never went in has no time, and what the codec left out is forgotten", () => {
  const times = new SoundTimes();
  times.begin(0, FRAME_US);
  times.begin(20_000, FRAME_US);
  expect(times.end(20_000)).toBe(20_000);
  expect(times.end(0)).toBeUndefined();
  expect(times.end(40_000)).toBeUndefined();
});

test("a codec that is configured anew counts from its next frame", () => {
  const times = new SoundTimes();
  times.begin(0, FRAME_US);
  times.begin(500_000, FRAME_US); // counted: 20,000
  times.restart();
  times.begin(900_000, FRAME_US);
  times.begin(1_900_000, FRAME_US); // counted: 920,000
  expect([0, 20_000, 40_000, 900_000, 920_000].map((us) => times.end(us))).toEqual([
    0,
    500_000,
    undefined,
    900_000,
    1_900_000,
  ]);
});

test("the last frame before a codec is configured anew may come out after the first one thereafter", () => {
  const times = new SoundTimes();
  times.begin(0, FRAME_US);
  times.begin(500_000, FRAME_US); // counted: 20,000
  times.restart();
  times.begin(900_000, FRAME_US);
  times.begin(920_000, FRAME_US);
  expect([0, 900_000, 20_000, 40_000, 920_000].map((us) => times.end(us))).toEqual([
    0,
    900_000,
    500_000,
    undefined,
    920_000,
  ]);
});
