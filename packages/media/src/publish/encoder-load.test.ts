import { expect, test } from "vitest";
import { EncoderLoadMeter } from "./encoder-load.ts";

/** Thirty pictures a second, of which the encoder misses a part at a time; returns when it counts as overloaded. */
function overloadedAt(missed: (seconds: number) => number): readonly number[] {
  const meter = new EncoderLoadMeter();
  const load = { encoded: 0, behind: 0 };
  const seconds: number[] = [];
  for (let i = 0; i < 300; i++) {
    load.behind += missed(i / 30);
    load.encoded += 1 - missed(i / 30);
    if (i % 8 === 0) meter.observe({ ...load }, (i * 1000) / 30);
    if (meter.overloaded) seconds.push(i / 30);
  }
  return seconds;
}

test("EncoderLoadMeter: a machine is too slow that leaves out more than three tenths for three seconds", () => {
  expect(overloadedAt(() => 0)).toEqual([]);
  expect(overloadedAt(() => 0.25)).toEqual([]);
  expect(overloadedAt((s) => (s > 3 && s < 5 ? 0.9 : 0))).toEqual([]);
  expect(overloadedAt(() => 0.4)[0]).toBeLessThan(4);
  expect(overloadedAt((s) => (s < 5 ? 0.4 : 0)).at(-1)).toBeLessThan(7);
});
