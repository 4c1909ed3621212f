/** A worker that does not say goodbye within this is ended. */
const GOODBYE_MS = 2_000;

/** Resolves when a goodbye has taken long enough; never after `signal` is aborted. */
export function goodbyeTimeout(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GOODBYE_MS);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
