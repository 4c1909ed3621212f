/** Pictures that wait no longer than this arrive with others that did not wait. */
const LATE_MS = 120;

/** What is judged by. */
const WINDOW_MS = 4_000;
const LEAST_MS = 1_500;
/** Of looks that are far apart, one wait may be two: it is no quarter of these. */
const LEAST_LOOKS = 8;

/** Where more of the pictures wait, everybody waits for them: playout follows the slowest twentieth. */
const TOO_MANY = 0.25;
/** With fewer than this, there is room for more. */
const FEW = 0.12;

const DECREASE = 0.85;
/** A second. What is too much shows after seconds, and then stays for as many. */
const GROWTH = 1.04;

/**
 * How much a line carries that loses packets. There is no queue that tells what it carries: each loss narrows TCP's window to a few
 * packets for a moment, and what is sent waits for that, more often the more is sent. So the bitrate follows how often it waits. No clock of its own.
 */
export class LossyPace {
  readonly #leastLooks: number;
  #capBps: number | undefined;
  #looks: { readonly atMs: number; readonly late: boolean }[] = [];
  #grownMs = 0;

  /** `intervalMs`: how often it is going to look; 100 when left out. */
  constructor({ intervalMs = 100 }: { readonly intervalMs?: number } = {}) {
    this.#leastLooks = Math.max(LEAST_LOOKS, Math.ceil(LEAST_MS / intervalMs));
  }

  /** The line loses nothing any more. */
  end(): void {
    this.#capBps = undefined;
    this.#looks = [];
  }

  /**
   * The most to send, in bits a second; to be called at even intervals. `waitingMs`: what pictures wait now on the worst of their
   * ways; `sentBps`: what is allowed now, where it begins.
   */
  decide({
    nowMs,
    waitingMs,
    sentBps,
  }: {
    readonly nowMs: number;
    readonly waitingMs: number;
    readonly sentBps: number;
  }): number {
    const capBps = this.#capBps ?? sentBps;
    const elapsedMs = this.#capBps === undefined ? 0 : nowMs - this.#grownMs;
    this.#grownMs = nowMs;
    this.#looks = [
      ...this.#looks.filter(({ atMs }) => atMs > nowMs - WINDOW_MS),
      { atMs: nowMs, late: waitingMs > LATE_MS },
    ];
    this.#capBps = this.#next(Math.min(capBps, sentBps * GROWTH), capBps, elapsedMs);
    return this.#capBps;
  }

  #next(usedBps: number, capBps: number, elapsedMs: number): number {
    if (this.#looks.length < this.#leastLooks) return capBps;
    const late = this.#looks.filter((look) => look.late).length / this.#looks.length;
    if (late > TOO_MANY) {
      this.#looks = [];
      return DECREASE * usedBps;
    }
    return late < FEW ? capBps * GROWTH ** (elapsedMs / 1000) : capBps;
  }
}
