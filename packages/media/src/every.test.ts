import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { every } from "./every.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("tasks that begin at any moment are called together", () => {
  const times = new Map<string, number[]>();
  const lifetime = new AbortController();
  const begin = (name: string, intervalMs: number) => {
    times.set(name, []);
    every(intervalMs, () => times.get(name)?.push(performance.now()), { signal: lifetime.signal });
  };
  begin("first", 100);
  vi.advanceTimersByTime(137);
  begin("second", 100);
  vi.advanceTimersByTime(20);
  begin("slow", 500);
  vi.advanceTimersByTime(1_843);
  const [first = [], second = [], slow = []] = times.values();
  expect([first.length, second.length, slow.length]).toEqual([20, 19, 4]);
  expect(second.every((atMs) => first.includes(atMs))).toBe(true);
  expect(slow.every((atMs) => first.includes(atMs))).toBe(true);
  lifetime.abort();
  vi.advanceTimersByTime(1_000);
  expect(first.length).toBe(20);
});

test("a task whose signal is aborted before its first time is never called", () => {
  const lifetime = new AbortController();
  const task = vi.fn();
  vi.advanceTimersByTime(30);
  every(100, task, { signal: lifetime.signal });
  lifetime.abort();
  vi.advanceTimersByTime(1_000);
  expect(task).not.toHaveBeenCalled();
});
