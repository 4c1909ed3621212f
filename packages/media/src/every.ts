/** Calls `task` every `intervalMs` until the signal is aborted. */
export function every(intervalMs: number, task: () => void, options: { readonly signal: AbortSignal }): void {
  if (options.signal.aborted) return;
  const timer = setInterval(task, intervalMs);
  options.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
