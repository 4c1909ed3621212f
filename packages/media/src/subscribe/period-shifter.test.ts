import { expect, test } from "vitest";
import { seededRandom } from "../testing/random.ts";
import { shiftPeriod } from "./period-shifter.ts";

function tone(hz: number, channels: 1 | 2 = 1): Float32Array {
  const samples = new Float32Array(960 * channels);
  for (let i = 0; i < samples.length; i++)
    samples[i] = Math.sin((2 * Math.PI * hz * Math.floor(i / channels)) / 48_000);
  return samples;
}

/** How far the largest step is above the largest of a plain tone. */
function roughness(samples: Float32Array, hz: number): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i++) {
    largest = Math.max(largest, Math.abs((samples[i] ?? 0) - (samples[i - 1] ?? 0)));
  }
  return largest / ((2 * Math.PI * hz) / 48_000);
}

test.each([110, 150, 220, 400])("shiftPeriod takes whole periods of %d Hz out and puts them in, smoothly", (hz) => {
  const period = 48_000 / hz;
  for (const direction of ["remove", "insert"] as const) {
    const { samples, shifted } = shiftPeriod(tone(hz), { channels: 1, direction });
    expect(samples.length).toBe(direction === "remove" ? 960 - shifted : 960 + shifted);
    expect(Math.abs(shifted / period - Math.round(shifted / period))).toBeLessThan(0.03);
    expect(roughness(samples, hz)).toBeLessThan(1.2);
    expect([samples[0], samples.at(-1)]).toEqual([expect.closeTo(tone(hz)[0] ?? 0, 1), tone(hz).at(-1)]);
  }
});

test.each([110, 150, 220, 400])("shiftPeriod puts a period of %d Hz into 10 ms that follow on others", (hz) => {
  for (const channels of [1, 2] as const) {
    const [before, block] = [tone(hz, channels).slice(0, 480 * channels), tone(hz, channels).slice(480 * channels)];
    const { samples, shifted } = shiftPeriod(block, { channels, direction: "insert", before });
    expect(samples.length).toBe((480 + shifted) * channels);
    expect(Math.abs((shifted * hz) / 48_000 - Math.round((shifted * hz) / 48_000))).toBeLessThan(0.03);
    const left = Float32Array.from([...before, ...samples].filter((_, i) => i % channels === 0));
    expect(roughness(left, hz)).toBeLessThan(1.2);
    expect(samples.at(-1)).toBe(block.at(-1));
  }
});

test("shiftPeriod keeps both channels of stereo together", () => {
  const { samples, shifted } = shiftPeriod(tone(200, 2), { channels: 2, direction: "remove" });
  expect(samples.length).toBe((960 - shifted) * 2);
  for (let i = 0; i < samples.length; i += 2) expect(samples[i]).toBe(samples[i + 1]);
});

test("shiftPeriod leaves short blocks alone, and copes with noise and silence", () => {
  const short = new Float32Array(480);
  expect(shiftPeriod(short, { channels: 1, direction: "remove" })).toEqual({ samples: short, shifted: 0 });
  const random = seededRandom(5);
  for (const sound of [new Float32Array(960), new Float32Array(960).map(() => random() - 0.5)]) {
    const { samples, shifted } = shiftPeriod(sound, { channels: 1, direction: "insert" });
    expect(shifted).toBeGreaterThanOrEqual(120);
    expect(samples.every((sample) => Math.abs(sample) <= 0.5)).toBe(true);
  }
});
