/** It never changes, and costs more to ask for than the time. */
const ORIGIN_MS = performance.timeOrigin;

/**
 * Milliseconds since the Unix epoch on a clock that never jumps: the same in all windows, workers and processes of one
 * machine. All media times are on it, in microseconds.
 */
export function epochNowMs(): number {
  return ORIGIN_MS + performance.now();
}
