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

test("QueueMeter takes the clock of a machine that was suspended for no queue", () => {
  const meter = new QueueMeter();
  let atMs = 0;
  const receive = (seconds: number, delayMs: number) => {
    for (const endMs = atMs + seconds * 1000; atMs < endMs; atMs += 33) meter.observe(atMs - delayMs, atMs);
  };
  receive(10, 40);
  atMs += 60_000;
  receive(5, 60_040);
  expect(meter.queueMs(atMs)).toBe(0);
  receive(5, 60_340);
  expect(meter.queueMs(atMs)).toBe(300);
});

test("QueueMeter remembers the way when a picture that nobody watched comes again", () => {
  const meter = new QueueMeter();
  for (let atMs = 0; atMs < 10_000; atMs += 33) meter.observe(atMs - 40, atMs);
  for (let atMs = 60_000; atMs < 65_000; atMs += 33) meter.observe(atMs - 640, atMs);
  expect(meter.queueMs(65_000)).toBe(600);
});
