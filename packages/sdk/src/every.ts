/** Calls `run` at intervals until the signal is aborted. */
export function every(intervalMs: number, run: () => void, { signal }: { readonly signal: AbortSignal }): void {
  if (signal.aborted) return;
  const timer = setInterval(run, intervalMs);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
