import { expect, test } from "vitest";
import { mainThreadOf, type TraceEvent } from "./main-thread.ts";

const mark = (name: string, ts: number): TraceEvent => ({ name, ph: "I", pid: 1, tid: 1, ts });
const task = (ts: number, tdur: number | undefined, of = {}): TraceEvent => ({
  ...{ name: "ThreadControllerImpl::RunTask", ph: "X", pid: 1, tid: 1, ts, dur: 70_000 },
  ...(tdur === undefined ? {} : { tdur }),
  ...of,
});
const marks = [mark("main-thread-begin", 1_000_000), mark("main-thread-end", 2_000_000)];

test("counted are the tasks of the thread that set the marks, between them, in processor time", () => {
  const others = [task(999_999, 900_000), task(2_000_001, 900_000)];
  const elsewhere = [task(1_500_000, 900_000, { tid: 2 }), task(1_500_000, 900_000, { pid: 2 })];
  const inner = task(1_500_000, 900_000, { name: "something inside of a task" });
  const events = [...others, ...elsewhere, inner, ...marks, task(1_200_000, 20_000), task(1_300_000, 30_000)];
  expect(mainThreadOf(events)).toEqual({ seconds: 1, tasks: 2, busyPart: 0.05, longestMs: 30, longestByClockMs: 70 });
});

test("of a task without a processor time, what passed counts", () => {
  const timed = Array.from({ length: 20 }, (_, i) => task(1_200_000 + i, 1_000));
  expect(mainThreadOf([...marks, ...timed, task(1_900_000, undefined)])).toMatchObject({ tasks: 21, longestMs: 70 });
});

test("a trace that does not say it is no good one", () => {
  expect(() => mainThreadOf([task(1_200_000, 1)])).toThrow("mark");
  expect(() => mainThreadOf(marks)).toThrow("tasks");
  expect(() => mainThreadOf([...marks, task(1_200_000, undefined)])).toThrow("processor time");
});
