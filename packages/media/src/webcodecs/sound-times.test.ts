import { expect, test } from "vitest";
import { SoundTimes } from "./sound-times.ts";

const FRAME_US = 20_000;
/** What Firefox takes off every stamp but the first. */
const LOOK_AHEAD_US = 6_500;

/** Gives `captured` to a codec. What that is told. */
const give = (times: SoundTimes, captured: readonly number[], durationUs = FRAME_US) =>
  captured.map((us) => times.begin(us, durationUs));

test("a codec is told the time since its beginning without gaps, whatever the capture times are", () => {
  const times = new SoundTimes();
  expect(give(times, [1.7e15, 1.7e15 + 20_000, 1.7e15 + 1_040_000])).toEqual([0, 20_000, 40_000]);
});

test("after a gap, frames keep their capture times", () => {
  const times = new SoundTimes();
  const captured = [0, 20_000, 40_000, 1_060_000, 1_080_000].map((us) => 1.7e15 + us);
  expect(give(times, captured).map((us) => times.end(us))).toEqual(captured);
});

test.each([10_000, 20_000, 60_000])(
  "so do those of a codec that takes off what it looks ahead: frames of %d µs",
  (us) => {
    const times = new SoundTimes();
    const captured = [0, us, 1_000_000 + 3 * us, 1_000_000 + 4 * us];
    const stamps = give(times, captured, us).map((stampUs) => Math.max(0, stampUs - LOOK_AHEAD_US));
    expect(stamps.map((stampUs) => times.end(stampUs))).toEqual(captured);
    expect(times.end(4 * us - LOOK_AHEAD_US)).toBeUndefined();
  },
);

test("what never went in has no time, and what the codec left out is forgotten", () => {
  const times = new SoundTimes();
  const [first = 0, second = 0] = give(times, [300_000, 320_000]);
  expect(times.end(second)).toBe(320_000);
  expect(times.end(first)).toBeUndefined();
  expect(times.end(second + FRAME_US)).toBeUndefined();
});

test("what a codec pads its end with when it is configured anew is not taken for the frame thereafter", () => {
  const times = new SoundTimes();
  const before = give(times, [0, 500_000]);
  times.restart();
  const after = give(times, [900_000, 1_900_000]);
  const padding = (before[1] ?? 0) + FRAME_US;
  expect([...before, padding, ...after].map((us) => times.end(us))).toEqual([
    0,
    500_000,
    undefined,
    900_000,
    1_900_000,
  ]);
});

test("the last frame before a codec is configured anew may come out after the first one thereafter", () => {
  const times = new SoundTimes();
  const [first = 0, last = 0] = give(times, [0, 500_000]);
  times.restart();
  const [next = 0, second = 0] = give(times, [900_000, 920_000]);
  const out = [first, next, last, last + FRAME_US, second].map((us) => times.end(us));
  expect(out).toEqual([0, 900_000, 500_000, undefined, 920_000]);
});
