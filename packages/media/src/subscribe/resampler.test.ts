import { expect, test } from "vitest";
import { Resampler } from "./resampler.ts";

const tone = (from: number, count: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * 440 * (from + i)) / 48_000));

/** Ten seconds in blocks of 20 ms at `speed`. */
function run(speed: number): number[] {
  const resampler = new Resampler({ channels: 1 });
  const output: number[] = [];
  for (let block = 0; block < 500; block++) output.push(...resampler.push(tone(block * 960, 960), speed));
  return output;
}

test("Resampler at speed 1 changes nothing but for two samples of delay", () => {
  const output = run(1);
  expect(output.length).toBe(500 * 960);
  for (let i = 2; i < 5_000; i++) expect(output[i]).toBe(tone(i - 2, 1)[0]);
});

test.each([1.005, 0.995])("Resampler at speed %d gives the same tone, shorter or longer, without a seam", (speed) => {
  const output = run(speed);
  expect(output.length / (500 * 960)).toBeCloseTo(1 / speed, 4);
  let worst = 0;
  for (let i = 10; i < output.length; i++) {
    const expected = Math.sin((2 * Math.PI * 440 * (i * speed - 2)) / 48_000);
    worst = Math.max(worst, Math.abs((output[i] ?? 0) - expected));
  }
  expect(worst).toBeLessThan(0.001);
});

test("Resampler keeps its place when the speed changes", () => {
  const resampler = new Resampler({ channels: 2 });
  let previous = 0;
  for (let block = 0; block < 50; block++) {
    const mono = tone(block * 960, 960);
    const stereo = Float32Array.from({ length: 1_920 }, (_, i) => mono[i >> 1] ?? 0);
    const output = resampler.push(stereo, 1 + ((block % 3) - 1) * 0.005);
    for (let i = 0; i < output.length; i += 2) {
      expect(Math.abs((output[i] ?? 0) - previous)).toBeLessThan(0.06);
      expect(output[i]).toBe(output[i + 1]);
      previous = output[i] ?? 0;
    }
  }
});
