/** Why a command that runs on and on has ended. */
export interface Ending {
  /** Aborted at the end: everything the command opened hangs on it. */
  readonly signal: AbortSignal;
  /** Ends the command in order. */
  stop(): void;
  /** Resolves at the end; rejects when {@link fail} was called. */
  readonly ended: Promise<void>;
  /** Ends the command with an error. */
  fail(error: unknown): void;
}

/** The end of a command: Ctrl-C, the time that was given, or what the command itself finds out. */
export function endingOf(options: { readonly signal: AbortSignal; readonly durationS?: number | undefined }): Ending {
  const controller = new AbortController();
  let settle: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} };
  const ended = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  ended.catch(() => {});
  const { durationS } = options;
  const timer = durationS === undefined ? undefined : setTimeout(() => stop(), durationS * 1000);
  const finish = () => {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", stop);
    controller.abort();
  };
  function stop(): void {
    settle.resolve();
    finish();
  }
  const fail = (error: unknown) => {
    settle.reject(error);
    finish();
  };
  if (options.signal.aborted) stop();
  else options.signal.addEventListener("abort", stop, { once: true });
  return { signal: controller.signal, stop, ended, fail };
}

/** Calls `tick` each second until `signal` is aborted. */
export function everySecond(tick: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const timer = setInterval(tick, 1_000);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
