import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MemoryTransport } from "../testing/memory-transport.ts";
import type { SenderPath } from "../transport.ts";
import { type ControlledTrack, type TrackBudget, UplinkControl } from "./uplink-control.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function fakeTrack(wantedBps: number, active = true) {
  const budgets: TrackBudget[] = [];
  const track: ControlledTrack = {
    active,
    wantedBps,
    keyFrameMs: 0,
    follow: (budget) => budgets.push(budget),
  };
  return { track, budgets };
}

/** A connection that is given 800 kbit/s and delivers all of it, or a quarter when the test makes it narrow. */
function fakePath() {
  const state = { narrow: false, connected: true };
  const [sentPerMs, carriedPerMs] = [100, 25];
  let narrowMs = 0;
  let lastMs = Date.now();
  const path = (): SenderPath | undefined => {
    if (state.narrow) narrowMs += Date.now() - lastMs;
    lastMs = Date.now();
    const sentBytes = Date.now() * sentPerMs;
    const waitingBytes = narrowMs * (sentPerMs - carriedPerMs);
    const roundTripMs = 10 + waitingBytes / carriedPerMs;
    const delivered = { bytes: sentBytes - waitingBytes, atMs: Date.now() };
    return state.connected ? { roundTripMs, minRoundTripMs: 10, waitedMs: 0, sentBytes, delivered } : undefined;
  };
  return { state, sender: Object.assign(new MemoryTransport(), { path }) };
}

test("UplinkControl shares what the connection carries among the tracks that are watched", () => {
  const { sender, state } = fakePath();
  const control = new UplinkControl({ sender, receivers: () => undefined, nowMs: Date.now });
  const [camera, screen, unseen] = [fakeTrack(200_000), fakeTrack(2_000_000), fakeTrack(500_000, false)];
  for (const { track } of [camera, screen, unseen]) control.add(track);
  vi.advanceTimersByTime(100);
  expect(camera.budgets.at(-1)).toEqual({ bitrateBps: 200_000, paused: false });
  expect(screen.budgets.at(-1)).toEqual({ bitrateBps: 1_300_000, paused: false });
  vi.advanceTimersByTime(10_000);
  expect(screen.budgets.at(-1)).toEqual({ bitrateBps: 2_000_000, paused: false });
  state.narrow = true;
  vi.advanceTimersByTime(1_300);
  expect(screen.budgets.at(-1)?.paused).toBe(true);
  expect(screen.budgets.at(-1)?.bitrateBps).toBeLessThan(1_500_000);
  expect(unseen.budgets).toEqual([]);
  control.close();
});

test("UplinkControl lets pictures go on when the connection is gone that they waited for, and stops at its end", () => {
  const { sender, state } = fakePath();
  const control = new UplinkControl({ sender, receivers: () => undefined, nowMs: Date.now });
  const { track, budgets } = fakeTrack(1_000_000);
  control.add(track);
  state.narrow = true;
  vi.advanceTimersByTime(1_000);
  expect(budgets.at(-1)?.paused).toBe(true);
  state.connected = false;
  vi.advanceTimersByTime(100);
  expect(budgets.at(-1)?.paused).toBe(false);
  const before = budgets.length;
  vi.advanceTimersByTime(1_000);
  control.close();
  state.connected = true;
  vi.advanceTimersByTime(1_000);
  expect(budgets.length).toBe(before);
});

test("UplinkControl leaves tracks alone on a connection that tells nothing of its way", () => {
  const control = new UplinkControl({ sender: new MemoryTransport(), receivers: () => undefined, nowMs: Date.now });
  const { track, budgets } = fakeTrack(500_000);
  control.add(track);
  vi.advanceTimersByTime(5_000);
  expect(budgets).toEqual([]);
  control.close();
});
