import { expect, test } from "vitest";
import { freezesOf, heardBeeps, latenciesOf, skewsOf } from "./shown-frames.ts";

/** Shown every 33 ms from `fromMs` on. */
function evenly(fromMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => fromMs + i * 33);
}

test("a frame that lasts for 150 ms more than the mean is a freeze, one that lasts less is none", () => {
  const before = evenly(0, 40);
  const last = before.at(-1) ?? 0;
  const frozen = [...before, ...evenly(last + 190, 40)];
  expect(freezesOf(frozen, { fromMs: 0, toMs: frozen.at(-1) ?? 0 })).toEqual({
    count: 1,
    totalMs: 190,
    longestMs: 190,
  });
  const late = [...before, ...evenly(last + 180, 40)];
  expect(freezesOf(late, { fromMs: 0, toMs: late.at(-1) ?? 0 }).count).toBe(0);
});

test("where few pictures come, only three times their interval is a freeze", () => {
  const slow = Array.from({ length: 20 }, (_, i) => i * 200);
  const last = slow.at(-1) ?? 0;
  const of = (pauseMs: number) => freezesOf([...slow, last + pauseMs], { fromMs: 0, toMs: last + pauseMs }).count;
  expect([of(590), of(610)]).toEqual([0, 1]);
});

test("freezes count as far as they lie in the time, and what is frozen at its end does, too", () => {
  const shown = evenly(0, 40);
  const last = shown.at(-1) ?? 0;
  expect(freezesOf(shown, { fromMs: 0, toMs: last + 1_000 })).toEqual({ count: 1, totalMs: 1_000, longestMs: 1_000 });
  expect(freezesOf([...shown, last + 1_000], { fromMs: last + 600, toMs: last + 5_000 }).totalMs).toBe(400 + 4_000);
  expect(freezesOf([...shown, last + 1_000], { fromMs: last + 1_000, toMs: last + 1_033 }).count).toBe(0);
});

test("latencies are those of frames that were captured in the time and shown", () => {
  const capturedMs = [0, 33, 66, 99];
  const shown = [
    { number: 0, atMs: 50 },
    { number: 2, atMs: 130 },
    { number: 3, atMs: 150 },
    { number: 9, atMs: 160 },
  ];
  expect(latenciesOf(shown, { capturedMs, fromMs: 30, toMs: 99 })).toEqual([{ capturedMs: 66, latencyMs: 64 }]);
});

test("a beep is heard within its second, or not at all", () => {
  const heard = heardBeeps([0, 1_000, 2_000, 3_000], { heardMs: [140, 2_150, 3_140], fromMs: 0, toMs: 3_000 });
  expect(heard).toEqual([
    { saidMs: 0, mouthToEarMs: 140 },
    { saidMs: 2_000, mouthToEarMs: 150 },
  ]);
});

test("sound that is heard before its picture is early, and the device's latency makes it later", () => {
  const frames = [-100, 0, 100, 900].map((capturedMs) => ({ capturedMs, latencyMs: capturedMs === 900 ? 500 : 200 }));
  const beeps = [{ saidMs: 0, mouthToEarMs: 150 }];
  expect(skewsOf(beeps, { frames, outputLatencyMs: 0 })).toEqual([50]);
  expect(skewsOf(beeps, { frames, outputLatencyMs: 80 })).toEqual([-30]);
  expect(skewsOf(beeps, { frames: [], outputLatencyMs: 0 })).toEqual([]);
});
