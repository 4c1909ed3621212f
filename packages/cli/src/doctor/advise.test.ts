import { expect, test } from "vitest";
import { advise } from "./advise.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { reportLines } from "./report-lines.ts";

const good: Diagnosis = {
  ...{ url: "ws://b.example/mqtt", version: undefined, mqtt5: true, mqtt311: true, limits: undefined },
  ...{ carriesMeetings: true, qos1: true, retained: "wildcard", forgeable: false },
  ...{ roundTripMs: 1, smallMessageMs: 2, pictureMs: 3, largestPacketBytes: 1_048_320, throughputMbps: 500 },
  slowSubscriber: { sentMb: 13, staleMb: 4, disconnected: false, othersShare: 1, othersGapMs: 40, gapBeforeMs: 30 },
};
const slow = (changes: Partial<Diagnosis["slowSubscriber"]>) => ({
  slowSubscriber: { ...good.slowSubscriber, ...changes },
});

test("a good broker needs nothing", () => {
  expect(advise(good)).toEqual([]);
  expect(reportLines(good, []).at(-1)).toBe("Nothing to change.");
});

test.each<[string, Partial<Diagnosis>, string]>([
  ["nothing arrives", { carriesMeetings: false }, "right to publish"],
  ["packets are too large", { largestPacketBytes: 0 }, "at least 1 MiB"],
  ["QoS 1 is lost", { qos1: false }, "QoS 1"],
  ["its WebSocket is slow", { pictureMs: 401 }, "WebSocket is slow"],
  ["it stalls everybody", slow({ othersGapMs: 5_000 }), "holds up the others"],
  ["it drops for everybody", slow({ othersShare: 0.4 }), "holds up the others"],
])("it is a problem when %s", (_, changes, words) => {
  const advice = advise({ ...good, ...changes });
  expect(advice).toEqual([{ kind: "problem", text: expect.stringContaining(words) }]);
  expect(reportLines({ ...good, ...changes }, advice).at(-1)).toMatch(/^! .*\.$/);
});

test.each<[string, Partial<Diagnosis>, string]>([
  ["small messages wait for each other", { smallMessageMs: 45 }, "set_tcp_nodelay"],
  ["the line is thin", { throughputMbps: 0.8 }, "0.8 Mbit/s"],
  ["it queues without end", slow({ staleMb: 12.9 }), "max_queued_messages 100"],
  ["members are not told apart", { forgeable: true }, "as one another"],
  ["it knows 3.1.1 only", { mqtt5: false }, "3.1.1 only"],
  ["retained messages are missing", { retained: "exact" }, "wildcards"],
])("it is a hint when %s", (_, changes, words) => {
  expect(advise({ ...good, ...changes })).toEqual([{ kind: "hint", text: expect.stringContaining(words) }]);
});

test("a gap that was there before anybody stopped reading tells nothing of the slow subscriber", () => {
  expect(advise({ ...good, ...slow({ othersGapMs: 1_400, gapBeforeMs: 1_000 }) })).toEqual([]);
});

test("a slow subscriber that is disconnected, or loses what is old, is as it should be", () => {
  expect(advise({ ...good, ...slow({ disconnected: true, staleMb: 0 }) })).toEqual([]);
});
