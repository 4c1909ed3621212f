import type { ReadonlySignal } from "@preact/signals-core";
import { joinPatience } from "./join-patience.ts";
import type { RoomConnection } from "./room.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

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
