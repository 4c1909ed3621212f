import { expect, test } from "vitest";
import { VoiceSign } from "./voice-sign.ts";

type Said = readonly (readonly [atMs: number, level: number])[];

/** What is said, with when, of a sound whose loudness is that of `levelAt`, fifty times a second. */
function said(
  endMs: number,
  levelAt: (nowMs: number) => number | undefined,
  options: { readonly neededFromMs?: number; readonly askedMs?: number } = {},
): Said {
  const sign = new VoiceSign();
  const signs: [number, number][] = [];
  for (let nowMs = 0; nowMs <= endMs; nowMs += 20) {
    if (nowMs === options.askedMs) sign.repeat();
    const level = sign.decide({ level: levelAt(nowMs), needed: nowMs >= (options.neededFromMs ?? 0) }, nowMs);
    if (level !== undefined) signs.push([nowMs, level]);
  }
  return signs;
}

const between = (from: number, to: number) => (nowMs: number) => (nowMs >= from && nowMs < to ? 0.5 : 0.05);

test("VoiceSign says that a voice begins with its first block, once a second how loud it was, and when it is over (M11)", () => {
  expect(said(8_000, (nowMs) => (nowMs === 1_500 ? 0.55 : between(1_000, 3_000)(nowMs)))).toEqual([
    [1_000, 0.5],
    [2_000, 0.55],
    [3_000, 0.5],
    [4_000, 0.05],
    [4_480, 0],
  ]);
});

test("VoiceSign says sooner that a voice is clearly louder than it said, and at most five times a second (M11)", () => {
  const growing = (nowMs: number) => 0.2 + Math.floor(nowMs / 60) / 10;
  expect(said(640, growing).map(([atMs, level]) => [atMs, Math.round(level * 10) / 10])).toEqual([
    [0, 0.2],
    [200, 0.5],
    [400, 0.8],
    [600, 1.2],
  ]);
});

test("VoiceSign says it again for who has just come, and nothing while nobody speaks (M11)", () => {
  expect(said(500, () => 0.5, { askedMs: 300 })).toEqual([
    [0, 0.5],
    [300, 0.5],
  ]);
  expect(said(500, () => 0.05, { askedMs: 300 })).toEqual([]);
});

test("VoiceSign says at once that a voice is over when the microphone is muted (M11)", () => {
  expect(said(500, (nowMs) => (nowMs < 300 ? 0.5 : undefined))).toEqual([
    [0, 0.5],
    [300, 0],
  ]);
});

test("VoiceSign says nothing of noise, nor where everybody is heard (M11)", () => {
  expect(said(5_000, () => 0.1)).toEqual([]);
  expect(said(5_000, () => 0.5, { neededFromMs: 10_000 })).toEqual([]);
  expect(said(5_000, () => 0.5, { neededFromMs: 4_500 })).toEqual([[4_500, 0.5]]);
});
