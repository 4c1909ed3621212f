import type { Browser, Page } from "playwright";

/** "toplevel" holds every task of every thread, "blink.user_timing" the marks that say which thread and when. */
const CATEGORIES = ["toplevel", "blink.user_timing"];
const TASK = "ThreadControllerImpl::RunTask";
const [BEGIN, END] = ["main-thread-begin", "main-thread-end"];

/** What is read of an event of Chromium's tracing; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** By the clock of the thread, which stands while the thread has no processor. */
  readonly tdur?: number;
}

/** What the main thread of a page did for a while. */
export interface MainThread {
  readonly seconds: number;
  readonly tasks: number;
  /** Processor time, of the time that passed: 0 to 1. */
  readonly busyPart: number;
  /** The longest task, in processor time: what it takes where nobody else wants the processor. */
  readonly longestMs: number;
  /** The longest task by the clock, with what others had of the processor meanwhile. */
  readonly longestByClockMs: number;
}

/** Traces the main thread of `page` while `action` runs. One trace at a time in a browser. */
export async function traceMainThread<T>(
  { browser, page }: { readonly browser: Browser; readonly page: Page },
  action: () => Promise<T>,
): Promise<{ readonly mainThread: MainThread; readonly result: T }> {
  const mark = (name: string | undefined) => page.evaluate((text = "") => void performance.mark(text), name);
  await browser.startTracing(page, { categories: CATEGORIES });
  try {
    await mark(BEGIN);
    const result = await action();
    await mark(END);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    return { mainThread: mainThreadOf(traceEvents), result };
  } catch (error) {
    await browser.stopTracing().catch(() => undefined); // it may have been stopped
    throw error;
  }
}

/** What the thread that set both marks did between them. Throws an Error when the trace does not say. */
export function mainThreadOf(events: readonly TraceEvent[]): MainThread {
  const begin = events.find(({ name }) => name === BEGIN);
  const end = events.find(({ name }) => name === END);
  if (begin === undefined || end === undefined) throw new Error("The trace lacks a mark.");
  const tasks = events.filter(
    ({ name, ph, pid, tid, ts }) =>
      name === TASK && ph === "X" && pid === begin.pid && tid === begin.tid && ts >= begin.ts && ts <= end.ts,
  );
  // Chromium leaves the processor time of a few tasks out; they took no more than passed.
  const processorUs = tasks.map(({ tdur, dur = 0 }) => tdur ?? dur);
  if (tasks.filter(({ tdur }) => tdur === undefined).length > tasks.length / 10) {
    throw new Error("The trace lacks the processor time of the tasks.");
  }
  if (tasks.length === 0) throw new Error("The trace lacks the tasks of the page.");
  const passedUs = end.ts - begin.ts;
  return {
    seconds: passedUs / 1e6,
    tasks: tasks.length,
    busyPart: processorUs.reduce((sum, us) => sum + us, 0) / passedUs,
    longestMs: Math.max(...processorUs) / 1000,
    longestByClockMs: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
  };
}
