import { Broker, type ConnectedClient } from "@mqtt-meet/broker";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memoryStreams } from "../memory-streams.ts";
import { clientLog } from "./client-log.ts";
import type { LogEntry } from "./log-entry.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const client = (clientId: string): ConnectedClient => ({
  ...{ clientId, identity: "i", level: 5, transport: "websocket", remoteAddress: "192.0.2.7", close: () => {} },
});

function recorded() {
  const entries: LogEntry[] = [];
  let nowMs = 0;
  const log = clientLog(
    (entry) => entries.push(entry),
    () => nowMs,
  );
  return { entries, log, at: (timeMs: number) => (nowMs = timeMs) };
}

test("clientLog says who was refused and cut off, and why", () => {
  const { entries, log } = recorded();
  log.onRefuse?.({ reason: "bad-user-name-or-password", remoteAddress: "192.0.2.7", transport: "tcp" });
  log.onCut?.(client("peer.B"), "message-rate-too-high");
  log.onCut?.(client("peer"), "session-taken-over");
  log.onConnect?.(client("peer"));
  expect(entries.map(({ level, event }) => `${level} ${event}`)).toEqual([
    "info refused",
    "info cut",
    "debug cut",
    "debug connected",
  ]);
  expect(entries[0]?.fields).toEqual({ why: "bad-user-name-or-password", address: "192.0.2.7", transport: "tcp" });
  expect(entries[1]?.fields).toMatchObject({ why: "message-rate-too-high", client: "peer.B", mqtt: "5" });
});

test("clientLog writes few lines however many are refused, and says each minute how many it left out", () => {
  const { entries, log, at } = recorded();
  const seconds = 600;
  for (let index = 0; index < seconds * 100; index++) {
    at(index * 10);
    log.onRefuse?.({ reason: "full", remoteAddress: `192.0.2.${index % 256}`, transport: "tcp" });
    if (index % 6000 === 5999) vi.advanceTimersByTime(60_000);
  }
  const lines = entries.filter(({ event }) => event === "refused").length;
  const summaries = entries.filter(({ event }) => event === "lines-left-out");
  expect(lines).toBeLessThanOrEqual(20 + seconds / 3 + 1);
  expect(summaries).toHaveLength(10);
  const leftOut = summaries.reduce((sum, { fields }) => sum + Number(fields?.["count"]), 0);
  expect(lines + leftOut).toBe(60_000);
  expect(summaries[0]?.fields).toMatchObject({ of: "refused", why: "full" });
  log.close();
});

test("a broker's own fault is an error with its stack, which names no client", () => {
  const { entries, log } = recorded();
  const authenticate = () => {
    throw new Error("Something is broken.");
  };
  using broker = new Broker({ ...log, authenticate });
  const [, outer] = memoryStreams();
  broker.accept(outer, { local: true });
  outer.onData?.(Buffer.from("101000044d5154540502003c00000378797a", "hex"));
  expect(entries.map(({ level, event, message }) => [level, event, message])).toEqual([
    ["error", "fault", "Something is broken."],
    ["info", "refused", "A client was not let in."],
  ]);
  expect(entries[0]?.fields?.["stack"]).toContain("client-log.test");
});
