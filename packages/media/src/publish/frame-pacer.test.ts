import { expect, test } from "vitest";
import { FramePacer } from "./frame-pacer.ts";

/** How many of the pictures of `seconds` at `rate` pass; `jitterUs` moves every second one. */
function admitted(rate: number, options: { readonly asked: number; readonly jitterUs?: number }): number[] {
  const pacer = new FramePacer({ frameRate: options.asked });
  const times: number[] = [];
  for (let i = 0; i < rate * 10; i++) {
    const timestampUs = (i * 1e6) / rate + (i % 2) * (options.jitterUs ?? 0);
    if (pacer.admit(timestampUs)) times.push(timestampUs);
  }
  return times;
}

test("FramePacer passes all of a source at the rate that was asked for, however uneven", () => {
  expect(admitted(30, { asked: 30 }).length).toBe(300);
  expect(admitted(30, { asked: 30, jitterUs: 15_000 }).length).toBe(300);
  expect(admitted(30.5, { asked: 30 }).length).toBe(305);
});

test("FramePacer takes every second picture of a source that is twice as fast, evenly", () => {
  const times = admitted(60, { asked: 30 }).slice(5);
  const gaps = times.slice(1).map((time, i) => Math.round((time - (times[i] ?? 0)) / 1000));
  expect(new Set(gaps)).toEqual(new Set([33]));
});

test("FramePacer keeps rates that do not divide", () => {
  expect(admitted(50, { asked: 30 }).length).toBeLessThanOrEqual(320);
  expect(admitted(50, { asked: 30 }).length).toBeGreaterThan(280);
  expect(admitted(30, { asked: 1 }).length).toBeLessThanOrEqual(12);
});

test("FramePacer allows no burst after a pause", () => {
  const pacer = new FramePacer({ frameRate: 10 });
  expect(pacer.admit(0)).toBe(true);
  const burst = Array.from({ length: 20 }, (_, i) => pacer.admit(60_000_000 + i * 1_000));
  expect(burst.filter(Boolean).length).toBe(1);
});
