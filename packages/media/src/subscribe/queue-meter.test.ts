import { expect, test } from "vitest";
import { QueueMeter } from "./queue-meter.ts";

test("QueueMeter sees a queue that stays, not jitter, and not how clocks differ", () => {
  const meter = new QueueMeter();
  const receive = (fromMs: number, toMs: number, delayMs: (i: number) => number) => {
    for (let atMs = fromMs; atMs < toMs; atMs += 33) meter.observe(atMs + 5_000_000 - delayMs(atMs), atMs);
  };
  expect(meter.queueMs(0)).toBe(0);
  receive(0, 10_000, (i) => 40 + (i % 7) * 20);
  expect(meter.queueMs(10_000)).toBeLessThan(1);
  receive(10_000, 70_000, () => 640);
  expect(meter.queueMs(70_000)).toBe(600);
  receive(70_000, 72_000, () => 60);
  expect(meter.queueMs(72_000)).toBe(20);
  expect(meter.queueMs(80_000)).toBe(0);
});
