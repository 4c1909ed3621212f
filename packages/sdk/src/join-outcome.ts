import { ConnectionError } from "@mqtt-meet/mqtt";
import type { ReadonlySignal } from "@preact/signals-core";
import type { RoomConnection } from "./room.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

/** Joining is not tried more often: somebody waits for it. */
const JOIN_ATTEMPTS = 3;
/** A cluster that elects a leader says that it is busy, and lets us in some seconds later: 4 to 9 s are waited for it. */
const JOIN_ATTEMPTS_WHILE_BUSY = 5;

/**
 * Resolves with `granted`. Rejects when it does, with an SdkError when the connection fails too often, and with the
 * signal's reason.
 */
export async function joinOutcome(
  granted: Promise<void>,
  options: { readonly connection: ReadonlySignal<RoomConnection>; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { connection, signal } = options;
  signal?.throwIfAborted();
  const done = new AbortController();
  const failed = new Promise<never>((_, reject) => {
    const isEnough = joinPatience();
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: done.signal });
    const stop = connection.subscribe((state) => {
      if (state.status !== "waiting" && state.status !== "closed") return;
      if (state.status === "closed" || isEnough(state.error)) reject(sdkErrorOf(state.error));
    });
    done.signal.addEventListener("abort", () => stop());
  });
  try {
    await Promise.race([failed, granted]);
  } catch (error) {
    throw error === signal?.reason ? error : sdkErrorOf(error);
  } finally {
    done.abort();
  }
}

/** Says of each failure whether it is one too many. */
function joinPatience(): (error: Error) => boolean {
  let [failures, refusals] = [0, 0];
  return (error) => {
    if (error instanceof ConnectionError && error.code === "server-busy") refusals++;
    else failures++;
    return failures >= JOIN_ATTEMPTS || refusals >= JOIN_ATTEMPTS_WHILE_BUSY;
  };
}
