import { ConnectionError, type ConnectionErrorCode } from "@mqtt-meet/mqtt";
import { signal } from "@preact/signals-core";
import { expect, test } from "vitest";
import { joinOutcome } from "./join-outcome.ts";
import type { RoomConnection } from "./room.ts";

/** Fails so often with these, and says what became of the join. */
async function outcomeAfter(...codes: readonly ConnectionErrorCode[]): Promise<string> {
  const connection = signal<RoomConnection>({ status: "connecting", attempt: 1 });
  let resolve = () => {};
  const granted = new Promise<void>((settle) => {
    resolve = settle;
  });
  const outcome = joinOutcome(granted, { connection, signal: undefined }).then(
    () => "joined",
    ({ code }) => code,
  );
  for (const code of codes) {
    connection.value = { status: "waiting", retryAtMs: 0, error: new ConnectionError(code, "No.") };
  }
  resolve();
  return outcome;
}

test("a join is given up after three failures, and after five times that the server was busy (L7)", async () => {
  expect(await outcomeAfter("unreachable", "timeout")).toBe("joined");
  expect(await outcomeAfter("unreachable", "timeout", "unreachable")).toBe("server-unreachable");
  const busy = Array<ConnectionErrorCode>(5).fill("server-busy");
  expect(await outcomeAfter(...busy.slice(1))).toBe("joined");
  expect(await outcomeAfter(...busy)).toBe("server-unreachable");
  expect(await outcomeAfter("unreachable", ...busy.slice(1), "closed")).toBe("joined");
});
