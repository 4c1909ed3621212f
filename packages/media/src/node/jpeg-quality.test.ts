import { expect, test } from "vitest";
import { JpegRateControl, quantizerOf } from "./jpeg-quality.ts";
import { ReopenPolicy } from "./reopen-policy.ts";

test("quantizerOf: the whole scale, coarser with less quality", () => {
  expect([1, 20, 50, 80, 90, 95, 100].map(quantizerOf)).toEqual([31, 31, 17, 7, 3, 2, 2]);
});

test("JpegRateControl: comes to the quantiser whose pictures have the wanted size", () => {
  const control = new JpegRateControl({ bitrateBps: 30 * 8 * 20_000, frameRate: 30 });
  const sizeOf = (quantizer: number) => 80_000 / Math.sqrt(quantizer);
  for (let i = 0; i < 40; i++) control.push(sizeOf(control.quantizer));
  expect(sizeOf(control.quantizer)).toBeGreaterThan(17_000);
  expect(sizeOf(control.quantizer)).toBeLessThan(23_000);
  control.setBitrate(1_000);
  for (let i = 0; i < 40; i++) control.push(sizeOf(control.quantizer));
  expect(control.quantizer).toBe(31);
});

test("ReopenPolicy: a free change is taken at once, a costly one only when it is large and not too soon", () => {
  const policy = new ReopenPolicy(1_000_000);
  expect(policy.take({ free: true, nowMs: 0 })).toBeUndefined();
  policy.want(900_000);
  expect(policy.take({ free: false, nowMs: 0 })).toBeUndefined();
  expect(policy.take({ free: true, nowMs: 0 })).toBe(900_000);
  policy.want(500_000);
  expect(policy.take({ free: false, nowMs: 500 })).toBeUndefined();
  expect(policy.take({ free: false, nowMs: 1_000 })).toBe(500_000);
  policy.want(800_000);
  expect(policy.take({ free: false, nowMs: 3_000 })).toBeUndefined();
  expect(policy.take({ free: false, nowMs: 6_000 })).toBe(800_000);
});
