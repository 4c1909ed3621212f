import type { ProcessUse, ServerNumbers } from "../metrics-text.ts";
import { StatusHistory, type StatusPoint, type StatusSample } from "./status-history.ts";

/** As far back as the plots go. */
export const SPAN_MS = 5 * 60_000;
/** Short enough to see a burst, long enough to cost nothing. */
const SAMPLE_MS = 2_000;

/** Looks at a server all the time, so that its page has a past to show. */
export class StatusMonitor {
  readonly #history = new StatusHistory({ spanMs: SPAN_MS });
  readonly #timer: NodeJS.Timeout;

  constructor(numbers: () => ServerNumbers, use: () => ProcessUse) {
    const look = () => this.#history.push(sampleOf(numbers(), { use: use(), atMs: performance.now() }));
    look();
    this.#timer = setInterval(look, SAMPLE_MS).unref();
  }

  get points(): readonly StatusPoint[] {
    return this.#history.points;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function sampleOf(
  { statistics, presence }: ServerNumbers,
  { use, atMs }: { readonly use: ProcessUse; readonly atMs: number },
): StatusSample {
  const { connections, bytesIn, bytesOut, messagesIn, messagesOut } = statistics;
  const drops = Object.values(statistics.dropped).flatMap((reasons) => Object.values(reasons));
  const { residentBytes, cpuS } = use;
  return {
    ...{ atMs, connections, bytesIn, bytesOut, messagesIn, messagesOut, residentBytes, cpuS },
    ...presence,
    queueAgeMs: Math.max(...Object.values(statistics.queueAgeMs)),
    dropped: drops.reduce((sum, count) => sum + count, 0),
  };
}
