import { expect, test } from "vitest";
import { bridgeSamples, FrameCutter } from "./frame-cutter.ts";

test.each([480, 128, 100, 512])(
  "FrameCutter gives back every sample, late by what it says, in frames of %i",
  (samples) => {
    const cutter = new FrameCutter(samples, (frame) => {
      for (let i = 0; i < frame.length; i++) frame[i] = -(frame[i] ?? 0);
    });
    const [given, taken]: [number[], number[]] = [[], []];
    for (let piece = 0; piece < 60; piece++) {
      const input = Float32Array.from({ length: 128 }, (_, i) => piece * 128 + i + 1);
      const output = new Float32Array(128);
      cutter.pass(input, output);
      given.push(...input);
      taken.push(...output);
    }
    const late = bridgeSamples(samples);
    expect(taken.slice(0, late).every((sample) => sample === 0)).toBe(true);
    expect(taken.slice(late)).toEqual(given.slice(0, given.length - late).map((sample) => -sample));
  },
);

test("bridgeSamples is 9.3 ms for frames of 10 ms", () => {
  expect(bridgeSamples(480)).toBe(448);
});
