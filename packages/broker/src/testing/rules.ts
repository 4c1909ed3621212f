import { afterEach, beforeEach, vi } from "vitest";
import type { Grant } from "../grant.ts";
import type { RawClient } from "./raw-client.ts";

/** Every rule is shown for both. */
export const levels = [{ level: 4 }, { level: 5 }] as const;

/** Everything is allowed to `identity`, but for what `more` says. */
export function grantOf(identity: string, more: Partial<Grant> = {}): Grant {
  return { identity, maxQos: 2, mayPublish: () => true, maySubscribe: () => true, ...more };
}

/** The reason of the DISCONNECT that came last, which only MQTT 5 has. */
export async function goodbye(client: RawClient): Promise<number | undefined> {
  const last = (await client.received()).at(-1);
  return last?.type === "disconnect" ? last.reasonCode : undefined;
}

/** For each test a clock of its own, which moves only when it is told to, and the timers with it. */
export function startClock(): { readonly now: () => number; readonly pass: (ms: number) => void } {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    vi.useFakeTimers({ toFake: ["setInterval", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      nowMs += Math.min(100, left);
      vi.advanceTimersByTime(Math.min(100, left));
    }
  };
  return { now: () => nowMs, pass };
}
