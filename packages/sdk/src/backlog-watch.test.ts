import { expect, test } from "vitest";
import { BacklogWatch } from "./backlog-watch.ts";

/** An answer a second, looked for four times; returns when the connection was given up, and begins another then. */
function renewedAtS(
  watch: BacklogWatch,
  options: { from: number; to: number; roundTripMs: (second: number) => number },
): number[] {
  const times: number[] = [];
  for (let nowMs = options.from * 1000; nowMs < options.to * 1000; nowMs += 250) {
    const second = Math.floor(nowMs / 1000);
    const path = { roundTripMs: options.roundTripMs(second), delivered: { atMs: second * 1000, bytes: 0 } };
    if (!watch.isStale(path, nowMs)) continue;
    times.push(nowMs / 1000);
    watch.restart();
    watch.isStale({ roundTripMs: 20, delivered: { atMs: nowMs + 1, bytes: 0 } }, nowMs + 1); // empty at first
  }
  return times;
}

test("a queue that lasts is given up with its connection, and a slow way is none", () => {
  expect(renewedAtS(new BacklogWatch(), { from: 0, to: 60, roundTripMs: () => 1_900 })).toEqual([]);
  const backlog = (second: number) => (second < 10 ? 20 : 20 + 500 * (second - 10));
  expect(renewedAtS(new BacklogWatch(), { from: 0, to: 20, roundTripMs: backlog })).toEqual([16]);
});

test("answers that a cut held up come at once after it, and give nothing up", () => {
  // Those of the seconds 10 to 14 come in second 15; the newest of them is seen.
  const cut = (second: number) => (second === 15 ? 5_000 : 20);
  expect(renewedAtS(new BacklogWatch(), { from: 0, to: 60, roundTripMs: cut })).toEqual([]);
  const watch = new BacklogWatch();
  expect(watch.isStale(undefined, 0)).toBe(false);
});

test("on a line that stays too narrow there are fewer and fewer new connections", () => {
  const times = renewedAtS(new BacklogWatch(), {
    from: 0,
    to: 600,
    roundTripMs: (second) => (second === 0 ? 20 : 4_000),
  });
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(gaps[0]).toBeGreaterThanOrEqual(15);
  expect(gaps.every((gap, i) => gap >= (gaps[i - 1] ?? 0))).toBe(true);
  expect(times.length).toBeLessThan(7);
});

test("a machine that stood still sees no backlog in what is late by that", () => {
  const watch = new BacklogWatch();
  renewedAtS(watch, { from: 0, to: 5, roundTripMs: () => 20 });
  const path = (atMs: number) => ({ roundTripMs: 4_000, delivered: { atMs, bytes: 0 } });
  expect(watch.isStale(path(5_000), 5_000)).toBe(false);
  expect(watch.isStale(path(9_000), 9_000)).toBe(false);
  expect(watch.isStale(path(10_000), 10_500)).toBe(false);
});
