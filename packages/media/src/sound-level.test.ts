import { expect, test } from "vitest";
import { loudness, SILENCE_DBOV, soundLevelDbov } from "./sound-level.ts";

test("soundLevelDbov is RFC 6464's: 0 for a full-scale square, 3 for a full-scale sine, 127 for silence (F4)", () => {
  const square = Float32Array.from({ length: 960 }, (_, i) => (i % 40 < 20 ? 1 : -1));
  const sine = Float32Array.from({ length: 960 }, (_, i) => Math.sin((2 * Math.PI * i) / 48));
  expect(soundLevelDbov(square)).toBe(0);
  expect(soundLevelDbov(sine)).toBe(3);
  expect(soundLevelDbov(sine.map((sample) => sample / 10))).toBe(23);
  expect(soundLevelDbov(new Float32Array(960))).toBe(SILENCE_DBOV);
  expect(soundLevelDbov(new Float32Array(960).fill(1e-9))).toBe(SILENCE_DBOV);
});

test("loudness goes from 0 for what nobody hears to 1", () => {
  expect([loudness(127), loudness(60), loudness(30), loudness(0)]).toEqual([0, 0, 0.5, 1]);
});
