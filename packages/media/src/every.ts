/**
 * Calls `task` every `intervalMs` until the signal is aborted. What has the same interval is called at the same moments, and less often
 * where it fits: a dozen timers at moments of their own would wake the thread a dozen times.
 */
export function every(intervalMs: number, task: () => void, options: { readonly signal: AbortSignal }): void {
  if (options.signal.aborted) return;
  let repeated: ReturnType<typeof setInterval> | undefined;
  const begin = setTimeout(
    () => {
      repeated = setInterval(task, intervalMs);
      task();
    },
    intervalMs - (performance.now() % intervalMs),
  );
  options.signal.addEventListener(
    "abort",
    () => {
      clearTimeout(begin);
      clearInterval(repeated);
    },
    { once: true },
  );
}
