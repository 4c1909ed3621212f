import { expect, test } from "vitest";
import { LatencyWindow } from "./latency-window.ts";

test("LatencyWindow gives percentiles of the last 256 values", () => {
  const window = new LatencyWindow();
  expect(window.percentiles()).toBeNull();
  for (let i = 0; i < 256; i++) window.push(1_000);
  for (let i = 0; i < 256; i++) window.push(i);
  expect(window.percentiles()).toEqual({ p50: 128, p95: 243 });
});
