import type { SenderPath } from "../transport.ts";

/** One answer that waited at most this long saw no queue: what was sent before it was carried as fast as it came. */
const EMPTY_MS = 50;

/** What was delivered while something waited tells what the line carries, when it is known for this long… */
const MIN_WINDOW_MS = 250;
/** …and for no longer than this: a key frame more or less does not move it. */
const WINDOW_MS = 1_200;

/** A queue that took longer to go was made by a line that changed meanwhile: its mean says nothing. */
const MAX_CLEARING_MS = 2_000;

/** What is sent is known over about this time. */
const SENT_WINDOW_MS = 1_000;

/** Jitter and packets that are sent again come and go: a queue is what all answers of this time have waited. */
const STANDING_MS = 280;

/** A decision that comes so much too late was held up with all answers, by a program or machine that stood still. */
const LATE_MS = 150;

interface Mark {
  readonly atMs: number;
  readonly bytes: number;
}

/** The line at one moment. */
export interface LineFacts {
  /** What everything waits, as far as answers show it. */
  readonly standingMs: number;
  /** What the newest answer waited, or the oldest question has been waiting in vain. */
  readonly waitingMs: number;
  /** What the line carried while something waited; undefined while it carries all that comes. */
  readonly carriedBps: number | undefined;
  /** What it carried from the beginning of a queue to its end; only at the first look after that, and of short queues. */
  readonly clearedBps: number | undefined;
  /** What was sent while sending was allowed. */
  readonly sentBps: number;
  /** Not delivered yet, as far as is known. */
  readonly inFlightBytes: number;
  /** This machine stood still: nothing that is known is worth a decision. */
  readonly stalled: boolean;
}

/** Understands what the answers to PINGREQ say of a line. Looks at it at even intervals; no clock of its own. */
export class LineView {
  readonly #intervalMs: number;
  /** What the answers of the last time have waited. */
  #waits: { readonly atMs: number; readonly queueMs: number }[] = [];
  /** The last answer without a queue, and all with one since. */
  #busy: Mark[] = [];
  /** The last answer before the queue that is there now. */
  #emptyMark: Mark | undefined;
  #clearedBps: number | undefined;
  #previous: Mark | undefined;
  #answeredMs = Number.NEGATIVE_INFINITY;
  /** Answers to what was asked before tell of the standstill only. */
  #awakeMs = Number.NEGATIVE_INFINITY;
  #sentBps = 0;

  constructor(options: { readonly intervalMs: number }) {
    this.#intervalMs = options.intervalMs;
  }

  /** The connection is another one. */
  reset(): void {
    this.#waits = [];
    this.#busy = [];
    this.#emptyMark = undefined;
    this.#previous = undefined;
    this.#answeredMs = Number.NEGATIVE_INFINITY;
  }

  /** `sending`: pictures were sent since the last look. `ignoreMs`: of every queue, what is not ours. */
  look(
    path: SenderPath,
    state: { readonly nowMs: number; readonly sending: boolean; readonly ignoreMs: number },
  ): LineFacts {
    const { nowMs, ignoreMs } = state;
    if (path.delivered.atMs < this.#answeredMs || path.sentBytes < (this.#previous?.bytes ?? 0)) this.reset();
    const elapsedMs = nowMs - (this.#previous?.atMs ?? nowMs);
    const stalled = elapsedMs > this.#intervalMs + LATE_MS;
    if (stalled) {
      this.#awakeMs = nowMs;
      this.#busy = [];
      this.#emptyMark = undefined;
      this.#waits = [];
    } else if (state.sending) this.#observeSent(path.sentBytes, elapsedMs);
    this.#previous = { atMs: nowMs, bytes: path.sentBytes };
    this.#clearedBps = undefined;
    const queueMs = Math.max(0, path.roundTripMs - path.minRoundTripMs - ignoreMs);
    if (path.delivered.atMs !== this.#answeredMs) this.#observeAnswer(path, queueMs);
    const asleep = path.delivered.atMs - path.roundTripMs < this.#awakeMs;
    const waitedMs = Math.max(0, path.waitedMs - path.minRoundTripMs - ignoreMs);
    return {
      standingMs: Math.min(
        ...this.#waits.map((wait) => wait.queueMs),
        this.#waits.length < 2 ? 0 : Number.POSITIVE_INFINITY,
      ),
      waitingMs: asleep ? 0 : Math.max(queueMs, waitedMs),
      carriedBps: this.#carriedBps(),
      clearedBps: this.#clearedBps,
      sentBps: this.#sentBps,
      inFlightBytes: path.sentBytes - path.delivered.bytes,
      stalled: stalled || asleep,
    };
  }

  #observeSent(bytes: number, elapsedMs: number): void {
    if (this.#previous === undefined || elapsedMs <= 0) return;
    const bps = (8000 * (bytes - this.#previous.bytes)) / elapsedMs;
    this.#sentBps += (bps - this.#sentBps) * Math.min(1, elapsedMs / SENT_WINDOW_MS);
  }

  #observeAnswer({ delivered, roundTripMs }: SenderPath, queueMs: number): void {
    this.#answeredMs = delivered.atMs;
    if (delivered.atMs - roundTripMs < this.#awakeMs) return;
    // Answers that come seldom are what a queue is seen by: the last two count, however old.
    const before = this.#waits.filter(
      ({ atMs }, i, all) => i === all.length - 1 || atMs > delivered.atMs - STANDING_MS,
    );
    this.#waits = [...before, { atMs: delivered.atMs, queueMs }];
    if (queueMs <= EMPTY_MS) {
      const began = this.#busy.length > 1 ? this.#emptyMark : undefined;
      const short = began !== undefined && delivered.atMs - began.atMs <= MAX_CLEARING_MS;
      this.#clearedBps = short ? rateBps(began, delivered) : undefined;
      this.#emptyMark = delivered;
      this.#busy = [];
    }
    this.#busy.push(delivered);
    while (this.#busy.length > 2 && (this.#busy[1]?.atMs ?? 0) <= delivered.atMs - WINDOW_MS) this.#busy.shift();
  }

  #carriedBps(): number | undefined {
    const [first, last] = [this.#busy[0], this.#busy.at(-1)];
    return first && last ? rateBps(first, last) : undefined;
  }
}

function rateBps(first: Mark, last: Mark): number | undefined {
  if (last.atMs - first.atMs < MIN_WINDOW_MS) return undefined;
  return (8000 * (last.bytes - first.bytes)) / (last.atMs - first.atMs);
}
