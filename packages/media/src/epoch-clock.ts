/**
 * Milliseconds since the Unix epoch on a clock that never jumps: the same in all windows, workers and processes of one
 * machine. All media times are on it, in microseconds.
 */
export function epochNowMs(): number {
  return performance.timeOrigin + performance.now();
}
