import { setTimeout as sleep } from "node:timers/promises";

/** The time that sources pace themselves by. Handed in, so that a test runs without waiting. */
export interface MediaClock {
  /** Milliseconds since the Unix epoch, without jumps. */
  nowMs(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** The clock of this process. */
export const SYSTEM_CLOCK: MediaClock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (ms, { signal }) => sleep(ms, undefined, { signal }),
};
